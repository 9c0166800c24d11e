/**
 * A sentence of ours, apart from what is filled in: whoever shows it can do so in the user's language. The English
 * message, with `{0}`, `{1}` … for the arguments, is the key of its translations, together with the comments.
 */
export interface Phrase {
  readonly message: string;
  readonly args: readonly Words[];
  /** For translators: what the arguments are, and where the message stands. */
  readonly comment: readonly string[];
}

/** A phrase; a name, number or text of somebody else's, which is the same in every language; or several in a row. */
export type Words = string | number | Phrase | readonly Words[];

/** A phrase whose arguments are text, as `vscode.l10n.t` takes it. */
export interface TextPhrase {
  readonly message: string;
  readonly args: string[];
  readonly comment: string[];
}

/** Fills the arguments into a phrase's message, or into a translation of it. */
export type Translate = (phrase: TextPhrase) => string;

/**
 * Phrases where VS Code isn't known, in the form of `vscode.l10n.t`: the tools for translators (`npm run l10n`) find
 * them by this name. Messages and comments are plain strings, or the tools couldn't read them.
 */
export const l10n = { t };

function t(message: string, ...args: readonly Words[]): Phrase;
function t(phrase: {
  readonly message: string;
  readonly args?: readonly Words[];
  readonly comment: readonly string[];
}): Phrase;
function t(
  phrase:
    | string
    | { readonly message: string; readonly args?: readonly Words[]; readonly comment: readonly string[] },
  ...args: readonly Words[]
): Phrase {
  return typeof phrase === 'string' ? { message: phrase, args, comment: [] } : { args, ...phrase };
}

/** The parts in a row, with `separator` between them. */
export function joined(separator: string, parts: readonly Words[]): Words {
  return parts.map((part, index) => (index === 0 ? part : [separator, part]));
}

export function render(words: Words, translate: Translate): string {
  if (typeof words !== 'object') {
    return String(words);
  }
  if (!('message' in words)) {
    return words.map((part) => render(part, translate)).join('');
  }
  const { message, args, comment } = words;
  return translate({ message, args: args.map((arg) => render(arg, translate)), comment: [...comment] });
}

/** As for the log, for other extensions, and where nothing is translated. */
export function inEnglish(words: Words): string {
  return render(words, fill);
}

/** Translates nothing. */
export function fill({ message, args }: Pick<TextPhrase, 'message' | 'args'>): string {
  return message.replaceAll(/\{(\d+)\}/g, (placeholder, index: string) => args[Number(index)] ?? placeholder);
}

/** An error for the user to read: its message is in English, its words can be shown in their language. */
export class WordedError extends Error {
  /** Out of enumeration: whoever logs the error gets the message only. */
  declare readonly words: Words;

  constructor(words: Words, options?: ErrorOptions) {
    super(inEnglish(words), options);
    Object.defineProperty(this, 'words', { value: words, enumerable: false });
  }
}

/** What an error says to the user. */
export function wordsOf(error: unknown): Words {
  if (error instanceof WordedError) {
    return error.words;
  }
  return error instanceof Error ? error.message : String(error);
}
