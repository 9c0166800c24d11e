/**
 * A window that looks at the list of roles: `window.ts <storage> <portal>`. It tells its progress until it is told to
 * refresh, or is killed.
 */
import { openRoleLists, httpSource } from '../../unit/support/roleLists.ts';
import { owner } from '../../unit/roles/list/support.ts';

export interface ListProgressMessage {
  readonly listed: number;
  readonly total: number;
  readonly isRenewing: boolean;
}

const [storage = '', portal = ''] = process.argv.slice(2);
const { lists } = await openRoleLists(storage, () => httpSource(portal, String(process.pid)));
lists.setOwners([owner('acme')]);
lists.onDidChange(() => {
  const [{ listing, isRenewing } = { listing: { accounts: [] }, isRenewing: false }] = lists.listings;
  const listed = listing.accounts.filter(({ roleNames }) => roleNames.length > 0).length;
  process.send?.({ listed, total: listing.accounts.length, isRenewing } satisfies ListProgressMessage);
});
lists.follow();
// The channel keeps the process going.
process.on('message', () => lists.refresh());
await lists.load();
