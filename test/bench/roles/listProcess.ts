/** `listProcess.ts <portal> <token> <folder> <account name>`: lists as a window does that has nothing in its cache. */
import { systemClock } from '../../../src/common/clock.ts';
import { SsoPortalClient } from '../../../src/portal/client.ts';
import { portalRolesSource } from '../../../src/roles/list/fetch/portalRolesSource.ts';
import { isComplete } from '../../../src/roles/list/listing.ts';
import type { Listing } from '../../../src/roles/list/listing.ts';
import { openRoleLists } from '../../unit/support/roleLists.ts';
import type { Listed } from './listed.ts';

// Keeps this process alive: the extension's timers don't.
process.on('disconnect', () => process.exit());

const [endpoint = '', accessToken = '', folder = '', name = ''] = process.argv.slice(2);
const owner = {
  key: 'bench',
  sessionId: 'bench',
  connection: { name: 'bench', startUrl: 'https://bench.awsapps.com/start', region: 'us-east-1' },
  account: { id: 'bench', label: 'bench' },
  needsSignIn: false,
};
const client = new SsoPortalClient({ endpoint: new URL(endpoint), repeat: 'never' });
const window = await openRoleLists(folder, () => portalRolesSource(client, (send) => send(accessToken)));
const { lists } = window;
lists.setOwners([owner]);

const since = systemClock.now();
const started = performance.now();
const listing = (): Listing | undefined => lists.listings[0]?.listing;
const named = () => listing()?.accounts.find(({ accountName }) => accountName === name);
let hasPreferred = false;
let namedMs: number | undefined;
const done = new Promise<void>((resolve) => {
  lists.onDidChange(() => {
    const account = named();
    if (account !== undefined && !hasPreferred) {
      // As the list does when the user has typed the name.
      hasPreferred = true;
      lists.prefer(owner, [account.accountId]);
    }
    if ((account?.roleNames.length ?? 0) > 0) {
      namedMs ??= performance.now() - started;
    }
    const known = listing();
    if (known !== undefined && known.run?.endedAt !== undefined && isComplete(known, since)) {
      resolve();
    }
  });
});
await lists.load();
await done;
const completeMs = performance.now() - started;
const accounts = listing()?.accounts ?? [];
await window.close();
process.send?.({
  completeMs,
  namedMs: namedMs ?? NaN,
  accounts: accounts.length,
  roles: accounts.reduce((sum, { roleNames }) => sum + roleNames.length, 0),
} satisfies Listed);
process.exit();
