import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import * as vscode from 'vscode';

import { CliSharing } from '../awsCli/cliSharing.ts';
import type { CliSharingParts } from '../awsCli/cliSharing.ts';
import { cliProfileOf } from '../awsCli/cliProfile.ts';
import { DisposableStore } from '../common/disposable.ts';
import type { Disposable } from '../common/disposable.ts';
import { unlessMissing } from '../common/missingFile.ts';
import type { AwsConfigFile } from '../connections/awsConfigFile.ts';
import { cliEndpoint } from '../connections/cliEndpoint.ts';
import type { CliEnvironment } from '../connections/cliEndpoint.ts';
import { isSameIdentityCenter } from '../connections/identityCenter.ts';
import { DiskIndexFile } from '../sessions/indexFile.ts';
import type { Locks } from '../sessions/locks.ts';
import type { LiveSession, Session } from '../sessions/session.ts';
import type { SessionManager } from '../sessions/sessionManager.ts';
import { cliQuestions } from './awsCliQuestions.ts';
import { onDidChangeSetting, readShareWithAwsCli } from './connectionSettings.ts';

/** Another window may be at it. In milliseconds. */
const LOCK_WAIT_MS = 10_000;

interface AwsCliParts extends Pick<CliSharingParts, 'clock' | 'random' | 'log' | 'disk'> {
  /** What says which service the AWS CLI calls. */
  readonly environment: CliEnvironment;
  /** The user's home folder. */
  readonly home: string;
  /** Where the extension keeps its own files. */
  readonly storage: string;
  readonly awsConfig: AwsConfigFile;
}

/** The AWS CLI of the machine that the extension runs on. */
export function createCliSharing({
  home,
  storage,
  awsConfig,
  environment,
  ...parts
}: AwsCliParts): CliSharing {
  const records = join(storage, 'shared');
  return new CliSharing({
    ...parts,
    folder: join(home, '.aws', 'sso', 'cache'),
    roleCredentialsFolder: join(home, '.aws', 'cli', 'cache'),
    profileOf: async (connection) =>
      cliProfileOf((await awsConfig.read()).connections, cliEndpoint(environment), connection),
    recordFile: (name) => new DiskIndexFile(join(records, name), parts.clock, parts.random),
    recordNames: async () =>
      ((await unlessMissing(readdir(records))) ?? []).filter((name) => name.endsWith('.json')),
    isEnabled: readShareWithAwsCli,
    questions: cliQuestions,
  });
}

/**
 * Follows the setting, also where it was changed while no window was open, and says where the token goes when that may
 * not be the machine the user thinks of.
 */
export function followSharing(sharing: CliSharing, sessions: SessionManager, locks: Locks): Disposable {
  const disposables = new DisposableStore();
  const follow = (): Promise<void> =>
    readShareWithAwsCli() ? shareAll(sharing, sessions, locks) : sharing.takeBack();
  disposables.add(onDidChangeSetting('shareWithAwsCli', follow));
  disposables.add(
    sharing.onDidAnswer((connection) => {
      for (const session of sessions.sessions) {
        if (isSameIdentityCenter(session.connection, connection) && isHeld(session)) {
          void sessions.refreshNow(session.id);
        }
      }
    }),
  );
  if (!readShareWithAwsCli()) {
    void sharing.takeBack();
  }
  const onFirstShare = disposables.add(
    sharing.onDidShare(() => {
      onFirstShare.dispose();
      if (vscode.env.remoteName !== undefined) {
        void vscode.window.showInformationMessage(whereItGoes());
      }
    }),
  );
  return disposables;
}

/** Whether the last refresh waits for the user's word. */
function isHeld({ state }: Session): boolean {
  return state.kind === 'signedIn' && state.lastRefresh?.result === 'awsCliSignInUnclear';
}

/** Reads the session of this id as it is now. */
export function sessionReader(sessions: SessionManager, id: string): () => Promise<LiveSession | undefined> {
  return async () => (await sessions.getSessions({})).find(({ session }) => session.id === id);
}

/** The change is seen by all windows: one after the other finds what is left to do. */
async function shareAll(sharing: CliSharing, sessions: SessionManager, locks: Locks): Promise<void> {
  const lock = await locks.acquire('share-with-aws-cli', LOCK_WAIT_MS).catch(() => undefined);
  try {
    await sharing.shareAll(sessions.sessions.map(({ id }) => sessionReader(sessions, id)));
  } finally {
    lock?.dispose();
  }
}

function whereItGoes(): string {
  const { l10n } = vscode;
  const extension = vscode.extensions.getExtension('identity-center-tools.aws-sso-auth');
  return extension?.extensionKind === vscode.ExtensionKind.Workspace
    ? l10n.t('The sign-in is shared with the AWS CLI of the remote machine, where this extension runs.')
    : l10n.t(
        'The sign-in is shared with the AWS CLI of your local machine, not with that of the remote one: this extension runs locally.',
      );
}
