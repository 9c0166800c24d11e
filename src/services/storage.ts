import { join } from 'node:path';

import * as vscode from 'vscode';

import { DisposableStore } from '../common/disposable.ts';
import type { Clock } from '../common/clock.ts';
import { errorCode } from '../common/log.ts';
import type { Log } from '../common/log.ts';
import type { Random } from '../common/random.ts';
import type { Holder } from '../common/locks/holder.ts';
import { DiskIndexFile } from '../sessions/store/indexFile.ts';
import type { IndexFile } from '../sessions/store/indexFile.ts';
import { HostLocks } from '../common/locks/hostLocks.ts';
import { makePrivateFolder } from '../common/files/privateFolder.ts';
import { hostSystem, readHolder } from '../common/locks/readHolder.ts';
import { sealedFolder } from '../sessions/vault/sealedFolder.ts';
import { SealedVault } from '../sessions/vault/sealedVault.ts';
import { SecretVault } from '../sessions/vault/secretVault.ts';
import type { Vault } from '../sessions/vault/vault.ts';
import { offerReload } from '../ui/notifications/storageNotices.ts';

/** Where the sessions are stored, and the locks between the windows of this machine. */
export interface Storage extends vscode.Disposable {
  readonly folder: string;
  readonly file: IndexFile;
  readonly locks: HostLocks;
  /** Who this process is, for those who share the folder. */
  readonly holder: Holder;
  readonly vault: Vault;
  /** What has to be done before a sign-in may save a secret. */
  readonly prepare: () => Promise<void>;
}

interface StorageParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Opens the storage in the extension's own folder and in VS Code's SecretStorage. Reads no secret. */
export async function openStorage(
  { globalStorageUri, secrets, extensionPath }: vscode.ExtensionContext,
  { clock, random, log }: StorageParts,
): Promise<Storage> {
  const disposables = new DisposableStore();
  const folder = globalStorageUri.fsPath;
  const file = disposables.add(new DiskIndexFile(join(folder, 'sessions.json'), clock, random));
  // Nobody waits for these: the disk may hang.
  void closeToOthers(folder, log);
  void watchFile(file, log);
  const holder = await readThisHolder();
  const helper = {
    file: join(extensionPath, 'dist', 'extension', 'lockHelper.cjs'),
    // The desktop editor's program runs as plain Node with this, and without what the user has preloaded into Node.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: undefined },
  };
  const parts = { clock, random, log, holder, isAlive, helper };
  const locks = disposables.add(new HostLocks(join(folder, 'locks'), parts));
  const opened = { folder, file, locks, holder, dispose: () => disposables.dispose() };
  if (vscode.env.uiKind === vscode.UIKind.Desktop) {
    return { ...opened, vault: new SecretVault(secrets), prepare: async () => undefined };
  }
  // In the browser every tab has a copy of the secrets to itself: there they hold one key only.
  const files = sealedFolder(join(folder, 'vault'), clock, random);
  const vault = disposables.add(new SealedVault({ secrets, files, locks, clock, random }));
  disposables.add(vault.onNeedsReload(() => void offerReload()));
  return { ...opened, vault, prepare: () => vault.prepare() };
}

async function readThisHolder(): Promise<Holder> {
  return readHolder(await hostSystem(process.platform, process.pid));
}

/** Before anything is put into it. */
async function closeToOthers(folder: string, log: Log): Promise<void> {
  try {
    await makePrivateFolder(folder);
  } catch (error) {
    log.warn({ operation: 'make folder', outcome: 'failed', code: errorCode(error) });
  }
}

/** Where a folder cannot be watched, other windows' changes are seen a little later. */
async function watchFile(file: DiskIndexFile, log: Log): Promise<void> {
  try {
    await file.watch();
  } catch (error) {
    log.warn({ operation: 'watch index', outcome: 'failed', code: errorCode(error) });
  }
}

/** Whether a process is alive, suspended ones included. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // The system reports this for another user's process: it is alive.
    return errorCode(error) === 'EPERM';
  }
}
