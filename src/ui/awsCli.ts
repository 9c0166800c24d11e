import { join } from 'node:path';

import * as vscode from 'vscode';

import { DisposableStore } from '../common/disposable.ts';
import type { Disposable } from '../common/disposable.ts';
import type { AwsConfigFile } from '../connections/awsConfigFile.ts';
import type { InteractiveConnection } from '../connections/connection.ts';
import { DiskIndexFile } from '../sessions/indexFile.ts';
import type { SessionManager } from '../sessions/sessionManager.ts';
import { answered, withToken } from './cancellation.ts';
import { cliProfileOf } from '../awsCli/cliProfile.ts';
import { CliSharing } from '../awsCli/cliSharing.ts';
import type { CliSharingParts } from '../awsCli/cliSharing.ts';
import { onDidChangeSetting, readShareWithAwsCli } from './connectionSettings.ts';

interface AwsCliParts extends Required<Pick<CliSharingParts, 'clock' | 'random' | 'log' | 'disk'>> {
  /** The person's home folder. */
  readonly home: string;
  /** Where the extension keeps its own files. */
  readonly storage: string;
  readonly awsConfig: AwsConfigFile;
}

/** The AWS CLI of the machine that the extension runs on. */
export function createCliSharing({ home, storage, awsConfig, ...parts }: AwsCliParts): CliSharing {
  return new CliSharing({
    ...parts,
    folder: join(home, '.aws', 'sso', 'cache'),
    roleCredentialsFolder: join(home, '.aws', 'cli', 'cache'),
    profileOf: async (connection) => cliProfileOf((await awsConfig.read()).connections, connection),
    recordFile: (name) => new DiskIndexFile(join(storage, 'shared', name), parts.clock, parts.random),
    isEnabled: readShareWithAwsCli,
    confirmUse: offerCliSignIn,
  });
}

/** Follows the setting, and says where the token goes when that may not be the machine the person thinks of. */
export function followSharingSetting(sharing: CliSharing, sessions: SessionManager): Disposable {
  const disposables = new DisposableStore();
  disposables.add(
    onDidChangeSetting('shareWithAwsCli', async () => {
      // The change is seen by all windows, and is for one of them to carry out.
      if (vscode.window.state.focused) {
        const live = await sessions.getSessions({});
        await (readShareWithAwsCli() ? sharing.shareAll(live) : sharing.unshareAll(live));
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

function whereItGoes(): string {
  const { l10n } = vscode;
  const extension = vscode.extensions.getExtension('identity-center-tools.aws-sso-auth');
  return extension?.extensionKind === vscode.ExtensionKind.Workspace
    ? l10n.t('The sign-in is shared with the AWS CLI of the remote machine, where this extension runs.')
    : l10n.t(
        'The sign-in is shared with the AWS CLI of your local machine, not with that of the remote one: this extension runs locally.',
      );
}

async function offerCliSignIn(
  connection: InteractiveConnection,
  expiresAt: number,
  signal: AbortSignal,
): Promise<boolean> {
  const { l10n } = vscode;
  const until = new Date(expiresAt).toLocaleTimeString(vscode.env.language, { timeStyle: 'short' });
  const items = [
    {
      label: l10n.t("Use the AWS CLI's sign-in"),
      detail: l10n.t('No browser needed. Its token is valid until {0} and is then renewed.', until),
      use: true,
    },
    { label: l10n.t('Sign in with the browser'), use: false },
  ];
  const picked = await withToken(signal, (token) =>
    vscode.window.showQuickPick(
      items,
      {
        title: l10n.t('Sign in to {0}', connection.name),
        placeHolder: l10n.t('The AWS CLI is signed in to {0} already', connection.name),
        ignoreFocusOut: true,
      },
      token,
    ),
  );
  return answered(picked, signal).use;
}
