import * as vscode from 'vscode';

import { SignInError } from '../flows/signInError.ts';
import { SsoOidcError } from '../oidc/errors.ts';
import { plain } from './plainText.ts';

/** What a person can do about an error, as a button. */
export interface NextStep {
  readonly label: string;
  readonly run: () => unknown;
}

/** Shows what went wrong, with the next step as a button. A cancel shows nothing: the person knows. */
export async function showError(error: unknown, nextSteps: readonly NextStep[]): Promise<void> {
  if (error instanceof vscode.CancellationError) {
    return;
  }
  const chosen = await vscode.window.showErrorMessage(
    describe(error),
    ...nextSteps.map(({ label }) => label),
  );
  await nextSteps.find(({ label }) => label === chosen)?.run();
}

function describe(error: unknown): string {
  if (error instanceof SignInError || error instanceof SsoOidcError) {
    return plain(error.message);
  }
  const text = error instanceof Error ? error.message : String(error);
  return plain(vscode.l10n.t('AWS SSO ran into an unexpected problem: {0} The log may tell more.', text));
}
