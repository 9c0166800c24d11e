import { arch, platform, release } from 'node:os';

import * as vscode from 'vscode';

import { readShareWithAwsCli, readSignInFlow } from './connectionSettings.ts';
import { diagnose } from './diagnostics/diagnose.ts';
import type { DiagnosticsParts } from './diagnostics/diagnose.ts';
import { formatReport } from './diagnostics/report.ts';
import { withCancellableProgress } from './progress.ts';

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
  const content = formatReport(report, home);
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document, { preview: false });
}

function factsOf({
  packageJSON,
  extensionKind,
}: vscode.Extension<unknown>): Readonly<Record<string, string>> {
  const { version } = packageJSON as { readonly version: string };
  const { env } = vscode;
  const http = vscode.workspace.getConfiguration('http');
  return {
    Extension: version,
    Editor: `${env.appName} ${vscode.version}, ${env.uiKind === vscode.UIKind.Web ? 'in a browser' : 'desktop'}`,
    System: `${platform()} ${release()} ${arch()}`,
    'Remote window': env.remoteName ?? 'no',
    'Extension runs': extensionKind === vscode.ExtensionKind.UI ? 'locally' : 'with the workspace',
    'Sign-in flow': readSignInFlow(),
    'Shared with the AWS CLI': readShareWithAwsCli() ? 'yes, of the machine the extension runs on' : 'no',
    'http.proxySupport': String(http.get('proxySupport')),
    'http.proxyStrictSSL': String(http.get('proxyStrictSSL')),
  };
}
