// Who the AWS SDK for JavaScript v3 is here, by its default credential chain: STS GetCallerIdentity, as JSON. With an
// argument, that goes into the file of this name, as does an error: a debuggee's output is on the screen only.
import { renameSync, writeFileSync } from 'node:fs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

async function identity() {
  const client = new STSClient({});
  const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
  return JSON.stringify({ Account, Arn, region: await client.config.region() });
}

const [, , file] = process.argv;
if (file === undefined) {
  console.log(await identity());
} else {
  writeFileSync(`${file}.part`, await identity().catch(String));
  renameSync(`${file}.part`, file);
}
