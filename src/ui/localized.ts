import * as vscode from 'vscode';

import { render } from '../common/words.ts';
import type { Words } from '../common/words.ts';

/** The words in the user's language, where there is a translation. */
export function localized(words: Words): string {
  return render(words, (phrase) => vscode.l10n.t(phrase));
}
