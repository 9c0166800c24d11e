import { createServer } from 'node:http';
import { listen } from './listen.ts';

export interface RolesPortal {
  readonly url: string;
  /** What was asked for, in order: an account's id, or `accounts`. */
  readonly asked: readonly string[];
  /** Who asked for each of them, by the name it gave in `user-agent`. */
  readonly askers: readonly string[];
  close(): Promise<void>;
}

/** The paths of ListAccounts and ListAccountRoles for that many accounts with two roles each, without their limits. */
export async function startRolesPortal(accountCount: number): Promise<RolesPortal> {
  const asked: string[] = [];
  const askers: string[] = [];
  const accountList = Array.from({ length: accountCount }, (_, index) => ({
    accountId: String(111_100_000_000 + index),
    accountName: `Account ${index}`,
  }));
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://portal');
    const accountId = searchParams.get('account_id');
    asked.push(accountId ?? 'accounts');
    askers.push(request.headers['user-agent'] ?? '');
    const roleList = ['AdministratorAccess', 'ReadOnlyAccess'].map((roleName) => ({ accountId, roleName }));
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json', 'x-amzn-requestid': 'request-1' });
    response.end(JSON.stringify(pathname === '/assignment/accounts' ? { accountList } : { roleList }));
  });
  const { url, close } = await listen(server);
  return { url: url.origin, asked, askers, close };
}
