# Asks STS who it is with the default credentials of the AWS SDK for Ruby: `identity.rb [calls]`, one a second.
require 'aws-sdk-core'

sts = Aws::STS::Client.new(endpoint: ENV.fetch('AWS_ENDPOINT_URL'), retry_limit: 0)
(ARGV.first || 1).to_i.times do |call|
  sleep(1) if call.positive?
  puts sts.get_caller_identity.arn
end
