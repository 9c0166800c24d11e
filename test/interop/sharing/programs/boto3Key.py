# Prints the access key that boto3 finds for the profile in AWS_PROFILE.
import boto3

print(boto3.Session().get_credentials().get_frozen_credentials().access_key)
