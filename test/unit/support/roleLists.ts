import { join } from 'node:path';

import * as v from 'valibot';

import { systemClock } from '../../../src/common/clock.ts';
import type { Clock } from '../../../src/common/clock.ts';
import { WatchedFolder } from '../../../src/common/files/watchedFolder.ts';
import type { LogEvent } from '../../../src/common/log.ts';
import { systemRandom } from '../../../src/common/random.ts';
import type { RolesSource } from '../../../src/roles/list/fetch/rolesSource.ts';
import { RoleLists } from '../../../src/roles/list/roleLists.ts';
import type { RolesOwner } from '../../../src/roles/list/rolesOwner.ts';
import { sendWithRetries } from '../../../src/wire/retry.ts';
import type { Operation } from '../../../src/wire/errors.ts';
import { openHostLocks } from './hostLocks.ts';

export interface ListsOfWindow {
  readonly lists: RoleLists;
  readonly events: readonly LogEvent[];
  close(): Promise<void>;
}

/** The lists of one window, whose storage is `path`. */
export async function openRoleLists(
  path: string,
  source: (owner: RolesOwner) => RolesSource,
  clock: Clock = systemClock,
): Promise<ListsOfWindow> {
  const events: LogEvent[] = [];
  const note = (event: LogEvent): void => void events.push(event);
  const folder = new WatchedFolder(join(path, 'roles'), systemClock, systemRandom);
  await folder.watch();
  const locks = await openHostLocks(join(path, 'locks'));
  const log = { info: note, warn: note };
  const lists = new RoleLists({ folder, locks, clock, random: systemRandom, log, source });
  return {
    lists,
    events,
    close: async () => {
      await lists.close();
      folder.dispose();
      locks.dispose();
    },
  };
}

const accountsPage = v.object({
  accountList: v.array(v.object({ accountId: v.string(), accountName: v.string() })),
});
const rolesPage = v.object({ roleList: v.array(v.object({ roleName: v.string() })) });

/** A portal at `origin`, asked over the network as the extension asks it, by who calls itself `asker`. */
export function httpSource(origin: string, asker: string): RolesSource {
  const send = <T extends object>(
    operation: Operation,
    path: string,
    schema: v.GenericSchema<unknown, T>,
    signal: AbortSignal,
  ): Promise<T> =>
    sendWithRetries(
      { operation, method: 'GET', url: new URL(path, origin), headers: { 'user-agent': asker }, secrets: [] },
      schema,
      'never',
      { fetch: globalThis.fetch, clock: systemClock, random: systemRandom },
      signal,
    );
  return {
    listAccounts: (_token, signal) => send('ListAccounts', '/assignment/accounts', accountsPage, signal),
    listAccountRoles: (accountId, _token, signal) =>
      send('ListAccountRoles', `/assignment/roles?account_id=${accountId}`, rolesPage, signal),
  };
}
