// Who the AWS SDK for JavaScript v3 is here, by its default credential chain: STS GetCallerIdentity, as JSON.
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

const { Account, Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
console.log(JSON.stringify({ Account, Arn }));
