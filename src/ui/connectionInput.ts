import * as vscode from 'vscode';

import type { InteractiveConnection } from '../connections/connection.ts';
import { REGIONS } from '../connections/regions.ts';
import { normalizeStartUrl, partitionHint, regionFromStartUrl } from '../connections/startUrl.ts';
import { answered, withToken } from './cancellation.ts';

/** What is known of a new connection before anyone is asked. */
export interface ConnectionHint {
  readonly startUrl?: string;
  readonly region?: string;
}

/**
 * Asks for what a connection needs, and for no more: the region only where the start URL does not tell.
 * @throws vscode.CancellationError when the person closes a box; the signal's reason when it aborts
 */
export async function askForConnection(
  hint: ConnectionHint,
  takenNames: readonly string[],
  signal: AbortSignal,
): Promise<InteractiveConnection> {
  const startUrl = await askForStartUrl(hint.startUrl, signal);
  const region = hint.region ?? regionFromStartUrl(startUrl) ?? (await askForRegion(startUrl, signal));
  return { name: freeName(startUrl, takenNames), startUrl, region };
}

async function askForStartUrl(suggested: string | undefined, signal: AbortSignal): Promise<string> {
  const { t } = vscode.l10n;
  const answer = await withToken(signal, (token) =>
    vscode.window.showInputBox(
      {
        title: t('Sign in to AWS: start URL'),
        prompt: t('The address of your AWS access portal, as your administrator gave it to you'),
        placeHolder: 'https://d-1234567890.awsapps.com/start',
        ...(suggested !== undefined && { value: suggested }),
        ignoreFocusOut: true,
        validateInput: (text) => {
          const result = normalizeStartUrl(text);
          return result.ok ? undefined : result.problem;
        },
      },
      token,
    ),
  );
  const result = normalizeStartUrl(answered(answer, signal));
  if (!result.ok) {
    throw new vscode.CancellationError();
  }
  return result.startUrl;
}

async function askForRegion(startUrl: string, signal: AbortSignal): Promise<string> {
  const { t } = vscode.l10n;
  const partition = partitionHint(startUrl);
  const regions = REGIONS.filter((region) => partition === undefined || region.partition === partition);
  const answer = await withToken(signal, (token) =>
    vscode.window.showQuickPick(
      regions.map(({ id, name }) => ({ label: id, description: name })),
      {
        title: t('Sign in to AWS: region'),
        placeHolder: t('The region of your Identity Center (not of your resources)'),
        matchOnDescription: true,
        ignoreFocusOut: true,
      },
      token,
    ),
  );
  return answered(answer, signal).label;
}

/** The first part of the host says most; a number tells a second one apart. */
function freeName(startUrl: string, taken: readonly string[]): string {
  const [base = 'AWS'] = new URL(startUrl).hostname.split('.');
  let name = base;
  for (let n = 2; taken.includes(name); n += 1) {
    name = `${base} ${n}`;
  }
  return name;
}
