// Asks STS who it is with the default credentials of the AWS SDK for JavaScript v3: `javascriptV3.mjs [calls]`, one a second.
import { setTimeout as sleep } from 'node:timers/promises';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

const client = new STSClient({ maxAttempts: 1 });
const calls = Number(process.argv[2] ?? 1);
for (let call = 0; call < calls; call += 1) {
  await sleep(call === 0 ? 0 : 1000);
  const { Arn } = await client.send(new GetCallerIdentityCommand({}));
  process.stdout.write(`${Arn}\n`);
}
