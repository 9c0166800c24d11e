import * as vscode from 'vscode';

import { WordedError } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';
import { showError } from '../errorMessage.ts';
import type { NextStep } from '../errorMessage.ts';

/** An error that has a next step of its own. */
export class ErrorWithStep extends WordedError {
  readonly nextStep: NextStep;

  constructor(words: Words, nextStep: NextStep) {
    super(words);
    this.nextStep = nextStep;
  }
}

/** Where terminals run on another machine, which can't ask this one for credentials. */
export function copyInstead(words: Words): ErrorWithStep {
  return new ErrorWithStep(words, {
    label: vscode.l10n.t('Copy Role Credentials'),
    run: () => vscode.commands.executeCommand('awsSso.copyRoleCredentials'),
  });
}

/** Shows why something failed, with the next step; a cancel is no failure. @returns `undefined` where it failed */
export async function explain<T>(showLog: () => void, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ErrorWithStep) {
      await showError(error, error.nextStep);
    } else if (!(error instanceof vscode.CancellationError)) {
      await showError(error, { label: vscode.l10n.t('Show Log'), run: showLog });
    }
    return undefined;
  }
}
