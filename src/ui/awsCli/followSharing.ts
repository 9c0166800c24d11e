import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { CliSharing } from '../../awsCli/cliSharing.ts';
import type { Disposable } from '../../common/disposable.ts';
import { unlessMissing } from '../../common/files/missingFile.ts';
import type { Locks } from '../../common/locks/locks.ts';
import type { LiveSession } from '../../sessions/session.ts';
import type { SessionManager } from '../../sessions/sessionManager.ts';
import { onDidChangeSetting, readShareWithAwsCli } from '../settings.ts';

/** Another window may be at it. In milliseconds. */
const LOCK_WAIT_MS = 10_000;

interface FollowSharingParts {
  /** Loads what shares, which most users never need. */
  readonly sharing: () => Promise<CliSharing>;
  readonly sessions: SessionManager;
  readonly locks: Locks;
  /** Where the extension keeps its own files. */
  readonly storage: string;
}

/** The folder of the records of what the AWS CLI and our sessions have in common. */
export function cliRecordsFolder(storage: string): string {
  return join(storage, 'shared');
}

/** The names of all such records. @throws what the file system says */
export async function cliRecordNames(storage: string): Promise<readonly string[]> {
  const names = (await unlessMissing(readdir(cliRecordsFolder(storage)))) ?? [];
  return names.filter((name) => name.endsWith('.json'));
}

/** Follows the setting `awsSso.shareWithAwsCli`, also where it was changed while no window was open. */
export function followSharing(parts: FollowSharingParts): Disposable {
  const { sharing } = parts;
  void takeBackLeftovers(parts);
  return onDidChangeSetting('shareWithAwsCli', async () =>
    readShareWithAwsCli() ? shareAll(parts) : (await sharing()).takeBack(),
  );
}

async function takeBackLeftovers({ sharing, storage }: FollowSharingParts): Promise<void> {
  // A folder that cannot be read is for the next change of the setting, or the next start.
  const names = readShareWithAwsCli() ? [] : await cliRecordNames(storage).catch(() => []);
  if (names.length > 0) {
    await (await sharing()).takeBack();
  }
}

/** Reads the session of this id as it is now. */
export function sessionReader(sessions: SessionManager, id: string): () => Promise<LiveSession | undefined> {
  return async () => (await sessions.getSessions({})).find(({ session }) => session.id === id);
}

/** The change is seen by all windows: one after the other finds what is left to do. */
async function shareAll({ sharing, sessions, locks }: FollowSharingParts): Promise<void> {
  const lock = await locks.acquire('share-with-aws-cli', LOCK_WAIT_MS).catch(() => undefined);
  try {
    await (await sharing()).shareAll(sessions.sessions.map(({ id }) => sessionReader(sessions, id)));
  } finally {
    lock?.dispose();
  }
}
