import * as vscode from 'vscode';

import { render } from '../common/words.ts';
import type { Translate, Words } from '../common/words.ts';

/** The words in the user's language, where there is a translation. */
export function localized(words: Words): string {
  return render(words, translate);
}

/** A phrase in the user's language, where there is a translation. */
export const translate: Translate = (phrase) => vscode.l10n.t(phrase);
