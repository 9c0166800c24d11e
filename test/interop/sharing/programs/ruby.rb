# Prints the access key that the AWS SDK for Ruby finds for the profile in AWS_PROFILE.
require 'aws-sdk-core'

puts Aws::CredentialProviderChain.new.resolve.credentials.access_key_id
