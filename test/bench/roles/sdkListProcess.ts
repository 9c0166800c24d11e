/**
 * `sdkListProcess.ts <portal> <token> <at a time>`: lists with AWS's SDK and its own retries, so many accounts at a time.
 * One after the other is what the AWS Toolkit and aws-sso-util do, five at a time is what aws-sso-cli does. A role can be
 * chosen when the list is complete.
 */
import { paginateListAccountRoles, paginateListAccounts, SSOClient } from '@aws-sdk/client-sso';
import type { Listed } from './listed.ts';

const [endpoint = '', accessToken = '', atATime = ''] = process.argv.slice(2);
const client = new SSOClient({ endpoint, region: 'us-east-1' });
const started = performance.now();
const accountIds: string[] = [];
for await (const { accountList = [] } of paginateListAccounts({ client, pageSize: 100 }, { accessToken })) {
  accountIds.push(...accountList.flatMap(({ accountId }) => accountId ?? []));
}
const left = [...accountIds];
let accounts = 0;
let roles = 0;
await Promise.all(
  Array.from({ length: Number(atATime) }, async () => {
    for (let accountId = left.shift(); accountId !== undefined; accountId = left.shift()) {
      const count = await rolesOf(accountId).catch(() => 0);
      roles += count;
    }
  }),
);
const completeMs = performance.now() - started;
process.send?.({ completeMs, namedMs: completeMs, accounts, roles } satisfies Listed);
process.exit();

/** @throws what the SDK says when it gives up */
async function rolesOf(accountId: string): Promise<number> {
  let count = 0;
  for await (const { roleList = [] } of paginateListAccountRoles({ client }, { accessToken, accountId })) {
    count += roleList.length;
  }
  accounts += 1;
  return count;
}
