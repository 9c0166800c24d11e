import * as vscode from 'vscode';

import { untilAborted } from '../../common/timeout.ts';
import { REGIONS } from '../../connections/regions.ts';
import { partitionHint } from '../../connections/startUrl/portalUrl.ts';
import { answered, withToken } from '../cancellation.ts';
import { correctionsOf, failureTitle } from './connectionFailure.ts';
import type { ConnectionFailure, Correction } from './connectionFailure.ts';
import { errorText } from '../errorText.ts';
import { localized } from '../localized.ts';
import type { ConnectionPrompts } from './newConnection.ts';
import { askForStartUrl } from './startUrlInput.ts';

/**
 * The boxes that ask for a new connection.
 * They throw vscode.CancellationError when the user closes one, and the signal's reason when it aborts.
 */
export function connectionPrompts(signal: AbortSignal): ConnectionPrompts {
  return {
    startUrl: (suggested, suggestedBy) =>
      askForStartUrl(suggested, suggested !== undefined && suggestedBy === 'extension', signal),
    region: (startUrl) => askForRegion(startUrl, signal),
    correction: (failure, region) => askForCorrection(failure, region, signal),
  };
}

async function askForRegion(startUrl: string, signal: AbortSignal): Promise<string> {
  const { l10n } = vscode;
  const partition = partitionHint(startUrl);
  const regions = REGIONS.filter((region) => partition === undefined || region.partition === partition);
  const answer = await withToken(signal, (token) =>
    vscode.window.showQuickPick(
      regions.map(({ id, name }) => ({ label: id, description: name })),
      {
        title: l10n.t('Sign In to AWS: Region'),
        placeHolder: l10n.t('Select the region of your IAM Identity Center (not of your resources)'),
        matchOnDescription: true,
        ignoreFocusOut: true,
      },
      token,
    ),
  );
  return answered(answer, signal).label;
}

/** In a dialog, because a pick list cuts off what is longer than its line. */
async function askForCorrection(
  failure: ConnectionFailure,
  region: string | undefined,
  signal: AbortSignal,
): Promise<Correction> {
  const items = correctionsOf(failure, region).map((correction) => ({
    title: correctionTitle(correction),
    correction,
  }));
  const title = localized(failureTitle(failure, region));
  const asked = vscode.window.showErrorMessage(title, { modal: true, detail: errorText(failure) }, ...items);
  // Only the user can close the dialog: an answer after the end is ignored.
  const answer = await untilAborted(signal, Promise.resolve(asked));
  return answered(answer, signal).correction;
}

function correctionTitle(correction: Correction): string {
  const { l10n } = vscode;
  switch (correction) {
    case 'tryAgain':
      return l10n.t('Try Again');
    case 'region':
      return l10n.t('Select Another Region');
    case 'startUrl':
      return l10n.t('Edit Start URL');
  }
}
