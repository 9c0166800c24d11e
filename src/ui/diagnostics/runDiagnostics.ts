import { arch, platform, release } from 'node:os';

import * as vscode from 'vscode';

import { readShareWithAwsCli, readSignInFlow } from '../settings.ts';
import { diagnose } from '../../diagnostics/diagnose.ts';
import type { DiagnosticsParts } from '../../diagnostics/diagnose.ts';
import { formatReport } from '../../diagnostics/report.ts';
import type { Disposable } from '../../common/disposable.ts';
import { translate } from '../localized.ts';
import { withCancellableProgress } from '../progress.ts';
import { ReportDocuments } from './reportDocuments.ts';

/** Checks what may be wrong, and shows a report of it, for the user to read and to send. */
export class Diagnostics implements Disposable {
  readonly #extension: vscode.Extension<unknown>;
  readonly #home: string;
  readonly #parts: Omit<DiagnosticsParts, 'facts' | 'mayWriteSecret'>;
  readonly #documents = new ReportDocuments();

  constructor(
    extension: vscode.Extension<unknown>,
    home: string,
    parts: Omit<DiagnosticsParts, 'facts' | 'mayWriteSecret'>,
  ) {
    this.#extension = extension;
    this.#home = home;
    this.#parts = parts;
  }

  /** @throws vscode.CancellationError when the user cancels */
  async run(): Promise<void> {
    const { l10n, env, UIKind } = vscode;
    const { signal: never } = new AbortController();
    const parts = {
      ...this.#parts,
      facts: factsOf(this.#extension),
      mayWriteSecret: env.uiKind === UIKind.Desktop,
    };
    const report = await withCancellableProgress(l10n.t('Running AWS SSO diagnostics…'), never, (signal) =>
      diagnose(parts, signal),
    );
    await this.#documents.show(formatReport(report, this.#home, translate));
  }

  dispose(): void {
    this.#documents.dispose();
  }
}

function factsOf({
  packageJSON,
  extensionKind,
}: vscode.Extension<unknown>): Readonly<Record<string, string>> {
  const { version } = packageJSON as { readonly version: string };
  const { env, l10n } = vscode;
  const http = vscode.workspace.getConfiguration('http');
  const place = env.uiKind === vscode.UIKind.Web ? l10n.t('Browser') : l10n.t('Desktop');
  const no = l10n.t('No');
  return {
    [l10n.t('Extension')]: version,
    [l10n.t('Editor')]: `${env.appName} ${vscode.version}, ${place}, ${env.language}`,
    [l10n.t('System')]: `${platform()} ${release()} ${arch()}`,
    [l10n.t('Remote window')]: env.remoteName ?? no,
    [l10n.t('Extension runs')]:
      extensionKind === vscode.ExtensionKind.UI
        ? l10n.t({ message: 'Locally', comment: ['Where the extension runs: on the local computer'] })
        : l10n.t({
            message: 'In the workspace',
            comment: ['Where the extension runs: on the remote computer'],
          }),
    [l10n.t('Sign-in flow')]: readSignInFlow(),
    [l10n.t('Shared with the AWS CLI')]: readShareWithAwsCli()
      ? l10n.t('Yes, on the computer where the extension runs')
      : no,
    'http.proxySupport': String(http.get('proxySupport')),
    'http.proxyStrictSSL': String(http.get('proxyStrictSSL')),
  };
}
