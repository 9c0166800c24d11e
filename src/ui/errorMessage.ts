import * as vscode from 'vscode';

import { errorText } from './errorText.ts';

/** What a user can do about an error, as a button. */
export interface NextStep {
  readonly label: string;
  readonly run: () => unknown;
}

/** Shows what went wrong, with the next step as a button. */
export async function showError(error: unknown, nextStep: NextStep): Promise<void> {
  const chosen = await vscode.window.showErrorMessage(errorText(error), nextStep.label);
  if (chosen !== undefined) {
    await nextStep.run();
  }
}
