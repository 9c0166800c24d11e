import { join } from 'node:path';

import * as vscode from 'vscode';

import { CliSharing } from '../../awsCli/cliSharing.ts';
import type { CliSharingParts } from '../../awsCli/cliSharing.ts';
import { cliKeysOf } from '../../awsCli/cliKeys.ts';
import { DisposableStore } from '../../common/disposable.ts';
import type { Disposable } from '../../common/disposable.ts';
import type { AwsConfigFiles } from '../../connections/awsConfig/awsConfigFiles.ts';
import { awsEndpoints } from '../../connections/awsConfig/awsEndpoints.ts';
import type { EndpointEnvironment } from '../../connections/awsConfig/awsEndpoints.ts';
import { isSameIdentityCenter } from '../../connections/identityCenter.ts';
import { DiskIndexFile } from '../../sessions/store/indexFile.ts';
import type { Session } from '../../sessions/session.ts';
import type { SessionManager } from '../../sessions/sessionManager.ts';
import { cliQuestions } from './awsCliQuestions.ts';
import { readShareWithAwsCli } from '../settings.ts';
import type { WhileAsking } from '../signIn/signInNotification.ts';
import { cliRecordNames, cliRecordsFolder } from './followSharing.ts';

interface AwsCliParts extends Pick<CliSharingParts, 'clock' | 'random' | 'log' | 'disk'> {
  /** What says which service the AWS CLI calls. */
  readonly environment: EndpointEnvironment;
  /** The user's home folder. */
  readonly home: string;
  /** Where the extension keeps its own files. */
  readonly storage: string;
  readonly awsConfig: AwsConfigFiles;
  readonly whileAsking: WhileAsking;
}

/** The AWS CLI of the machine that the extension runs on. */
export function createCliSharing({
  home,
  storage,
  awsConfig,
  environment,
  whileAsking,
  ...parts
}: AwsCliParts): CliSharing {
  const records = cliRecordsFolder(storage);
  return new CliSharing({
    ...parts,
    folder: join(home, '.aws', 'sso', 'cache'),
    roleCredentialsFolder: join(home, '.aws', 'cli', 'cache'),
    keysOf: async (connection) =>
      cliKeysOf((await awsConfig.read()).connections, awsEndpoints(environment).endpointUrl, connection),
    recordFile: (name) => new DiskIndexFile(join(records, name), parts.clock, parts.random),
    recordNames: () => cliRecordNames(storage),
    isEnabled: readShareWithAwsCli,
    questions: cliQuestions(whileAsking),
  });
}

/** Goes on with what waited for the user's word, and says where the token goes when that may surprise. */
export function announceSharing(sharing: CliSharing, sessions: SessionManager): Disposable {
  const disposables = new DisposableStore();
  disposables.add(
    sharing.onDidAnswer((connection) => {
      for (const session of sessions.sessions) {
        if (isSameIdentityCenter(session.connection, connection) && isHeld(session)) {
          void sessions.refreshNow(session.id);
        }
      }
    }),
  );
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

function whereItGoes(): string {
  const { l10n } = vscode;
  const extension = vscode.extensions.getExtension('identity-center-tools.aws-sso-auth');
  return extension?.extensionKind === vscode.ExtensionKind.Workspace
    ? l10n.t('The sign-in is shared with the AWS CLI on the remote computer, where this extension runs.')
    : l10n.t(
        'This extension runs locally, so the sign-in is shared with the AWS CLI on your local computer, not on the remote one.',
      );
}
