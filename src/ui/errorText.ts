import * as vscode from 'vscode';

import { WordedError } from '../common/words.ts';
import { localized } from './localized.ts';
import { plain } from './plainText.ts';

/** What went wrong, with the service's own words and its request id, and what to do: safe to show. */
export function errorText(error: unknown): string {
  if (error instanceof WordedError) {
    return plain(localized(error.words));
  }
  const text = error instanceof Error ? error.message : String(error);
  return plain(
    vscode.l10n.t({
      message: 'AWS SSO ran into an unexpected problem: {0} See the log for details.',
      args: [text],
      comment: ["{0} is an error's own message, in English"],
    }),
  );
}
