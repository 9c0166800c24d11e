import * as vscode from 'vscode';

import { withCancellableProgress } from '../progress.ts';
import type { ChosenRole } from './chosenRole.ts';

/** Shows, with Cancel, that credentials of a role are waited for. @throws what `work` throws; CancellationError */
export function whileGettingCredentials<T>(
  { roleName }: ChosenRole,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return withCancellableProgress(vscode.l10n.t('Getting credentials of {0}…', roleName), outer, work);
}
