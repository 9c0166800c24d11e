import { arch, platform, release } from 'node:os';

import * as vscode from 'vscode';

import { readShareWithAwsCli, readSignInFlow } from '../connections/connectionSettings.ts';
import { diagnose } from '../../diagnostics/diagnose.ts';
import type { DiagnosticsParts } from '../../diagnostics/diagnose.ts';
import { formatReport } from '../../diagnostics/report.ts';
import { withCancellableProgress } from '../progress.ts';

/** Looks for what is wrong, and opens a report of it, for the person to read and to send. */
export async function runDiagnostics(
  extension: vscode.Extension<unknown>,
  home: string,
  parts: Omit<DiagnosticsParts, 'facts' | 'mayWriteSecret'>,
): Promise<void> {
  const title = vscode.l10n.t('Looking for what is wrong with AWS SSO…');
  const { signal: never } = new AbortController();
  const mayWriteSecret = vscode.env.uiKind === vscode.UIKind.Desktop;
  const report = await withCancellableProgress(title, never, (signal) =>
    diagnose({ ...parts, facts: factsOf(extension), mayWriteSecret }, signal),
  );
  const content = formatReport(report, home, vscode.l10n.t);
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document, { preview: false });
}

function factsOf({
  packageJSON,
  extensionKind,
}: vscode.Extension<unknown>): Readonly<Record<string, string>> {
  const { version } = packageJSON as { readonly version: string };
  const { env, l10n } = vscode;
  const http = vscode.workspace.getConfiguration('http');
  const place = env.uiKind === vscode.UIKind.Web ? l10n.t('in a browser') : l10n.t('desktop');
  const no = l10n.t('no');
  return {
    [l10n.t('Extension')]: version,
    [l10n.t('Editor')]: `${env.appName} ${vscode.version}, ${place}, ${env.language}`,
    [l10n.t('System')]: `${platform()} ${release()} ${arch()}`,
    [l10n.t('Remote window')]: env.remoteName ?? no,
    [l10n.t('Extension runs')]:
      extensionKind === vscode.ExtensionKind.UI ? l10n.t('locally') : l10n.t('with the workspace'),
    [l10n.t('Sign-in flow')]: readSignInFlow(),
    [l10n.t('Shared with the AWS CLI')]: readShareWithAwsCli()
      ? l10n.t('yes, of the machine the extension runs on')
      : no,
    'http.proxySupport': String(http.get('proxySupport')),
    'http.proxyStrictSSL': String(http.get('proxyStrictSSL')),
  };
}
