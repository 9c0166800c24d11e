/** A text that is searched. */
export interface SearchText {
  /** As it was written, or folded where that is of another length: then it no longer shows where capitals were. */
  readonly text: string;
  /** Without case, accents and other ways to write the same letter. */
  readonly folded: string;
}

/** Prepares a text, once for many searches. */
export function searchText(text: string): SearchText {
  const folded = fold(text);
  return { text: folded.length === text.length ? text : folded, folded };
}

/** The words of what a user types: each has to be found, in whatever order. */
export function queryWords(query: string): readonly string[] {
  return fold(query)
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Most texts are plain, and folded at a tenth of the price. */
const PLAIN = /^[\x20-\x7e]*$/;

function fold(text: string): string {
  return PLAIN.test(text)
    ? text.toLowerCase()
    : text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** How well a word matches, the better the more; 0 where it does not. */
export const QUALITY = { none: 0, inside: 2, wordStart: 4, start: 6, whole: 8 } as const;

/** @param word one of `queryWords` */
export function matchQuality({ text, folded }: SearchText, word: string): number {
  let at = folded.indexOf(word);
  if (at === -1) {
    return QUALITY.none;
  }
  if (at === 0) {
    return folded.length === word.length ? QUALITY.whole : QUALITY.start;
  }
  for (; at !== -1; at = folded.indexOf(word, at + 1)) {
    if (WORD_START.test(text.slice(at - 1, at + 2))) {
      return QUALITY.wordStart;
    }
  }
  return QUALITY.inside;
}

/** Where words begin, by the characters before, at and after: at `P` and `2` in `my-Prod2`, at `A` in `SSOAdmin`. */
const WORD_START = /^(?:[^\p{L}\p{N}][\p{L}\p{N}]|\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}|\p{L}\p{N})/u;
