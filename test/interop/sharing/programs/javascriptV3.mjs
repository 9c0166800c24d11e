// Prints the access key that the AWS SDK for JavaScript v3 finds for the profile in AWS_PROFILE.
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';

const { accessKeyId } = await fromNodeProviderChain()();
process.stdout.write(`${accessKeyId}\n`);
