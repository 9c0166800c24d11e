/**
 * A sentence of ours, or a piece of one, apart from what is filled in: whoever shows it can do so in the person's
 * language. The English text, with `{0}`, `{1}` … for the values, is the key of its translations.
 */
export interface Phrase {
  readonly text: string;
  readonly values: readonly Words[];
}

/** A phrase; a name, number or text of somebody else's, which is the same in every language; or several in a row. */
export type Words = string | number | Phrase | readonly Words[];

/** Fills values into a phrase's text, or into a translation of it. */
export type Translate = (text: string, ...values: string[]) => string;

/** @param text a plain string, for the translators' tools to find */
export function phrase(text: string, ...values: readonly Words[]): Phrase {
  return { text, values };
}

/** A phrase without values out of a table of them, which the translators' tools read on its own. */
export function tabled(text: string): Phrase {
  return { text, values: [] };
}

/** The parts in a row, with `separator` between them. */
export function joined(separator: string, parts: readonly Words[]): Words {
  return parts.map((part, index) => (index === 0 ? part : [separator, part]));
}

export function render(words: Words, translate: Translate): string {
  if (typeof words !== 'object') {
    return String(words);
  }
  return 'text' in words
    ? translate(words.text, ...words.values.map((value) => render(value, translate)))
    : words.map((part) => render(part, translate)).join('');
}

/** As for the log, for other extensions, and where nothing is translated. */
export function inEnglish(words: Words): string {
  return render(words, fill);
}

/** Translates nothing. */
export function fill(text: string, ...values: string[]): string {
  return text.replaceAll(/\{(\d+)\}/g, (placeholder, index: string) => values[Number(index)] ?? placeholder);
}

/** An error for a person to read: its message is in English, its words can be shown in their language. */
export class WordedError extends Error {
  /** Out of enumeration: whoever logs the error gets the message only. */
  declare readonly words: Words;

  constructor(words: Words, options?: ErrorOptions) {
    super(inEnglish(words), options);
    Object.defineProperty(this, 'words', { value: words, enumerable: false });
  }
}

/** What an error says to the person. */
export function wordsOf(error: unknown): Words {
  if (error instanceof WordedError) {
    return error.words;
  }
  return error instanceof Error ? error.message : String(error);
}
