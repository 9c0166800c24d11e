import * as vscode from 'vscode';

import { REGIONS } from '../connections/regions.ts';
import { normalizeStartUrl, partitionHint } from '../connections/startUrl.ts';
import { answered, withToken } from './cancellation.ts';
import type { ConnectionFailure, ConnectionPrompts, Correction } from './newConnection.ts';
import { errorText } from './errorText.ts';

/**
 * The boxes that ask for a new connection.
 * They throw vscode.CancellationError when the person closes one, and the signal's reason when it aborts.
 */
export function connectionPrompts(signal: AbortSignal): ConnectionPrompts {
  return {
    startUrl: (suggested) => askForStartUrl(suggested, signal),
    region: (startUrl) => askForRegion(startUrl, signal),
    correction: (failure, region) => askForCorrection(failure, region, signal),
  };
}

async function askForStartUrl(suggested: string | undefined, signal: AbortSignal): Promise<string> {
  const { l10n } = vscode;
  const answer = await withToken(signal, (token) =>
    vscode.window.showInputBox(
      {
        title: l10n.t('Sign in to AWS: start URL'),
        prompt: l10n.t('The address of your AWS access portal, as your administrator gave it to you'),
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
  const { l10n } = vscode;
  const partition = partitionHint(startUrl);
  const regions = REGIONS.filter((region) => partition === undefined || region.partition === partition);
  const answer = await withToken(signal, (token) =>
    vscode.window.showQuickPick(
      regions.map(({ id, name }) => ({ label: id, description: name })),
      {
        title: l10n.t('Sign in to AWS: region'),
        placeHolder: l10n.t('The region of your Identity Center (not of your resources)'),
        matchOnDescription: true,
        ignoreFocusOut: true,
      },
      token,
    ),
  );
  return answered(answer, signal).label;
}

async function askForCorrection(
  failure: ConnectionFailure,
  region: string | undefined,
  signal: AbortSignal,
): Promise<Correction> {
  const { l10n } = vscode;
  const isUnknown = failure.code === 'noSuchIdentityCenter' && region !== undefined;
  const tryAgain = { label: l10n.t('Try Again'), correction: 'tryAgain' } as const;
  const chooseRegion = { label: l10n.t('Choose Another Region'), correction: 'region' } as const;
  const startUrl = { label: l10n.t('Correct the Start URL'), correction: 'startUrl' } as const;
  const [first, ...others] = [
    ...(isUnknown ? [] : [tryAgain]),
    ...(region === undefined ? [] : [chooseRegion]),
    startUrl,
  ];
  // The whole text, with the service's words, does not fit a title: it goes below the first choice.
  const items = [{ ...(first ?? startUrl), detail: errorText(failure) }, ...others];
  const answer = await withToken(signal, (token) =>
    vscode.window.showQuickPick<vscode.QuickPickItem & { readonly correction: Correction }>(
      items,
      {
        title: isUnknown
          ? l10n.t('No Identity Center with this start URL in {0}', region)
          : l10n.t('The Identity Center could not be reached'),
        placeHolder: l10n.t('What should be changed?'),
        ignoreFocusOut: true,
      },
      token,
    ),
  );
  return answered(answer, signal).correction;
}
