import { readFileSync } from 'node:fs';

const ROOT = new URL('../../../', import.meta.url);

type Texts = Readonly<Record<string, string>>;

/** The texts of `file`, by key. A text that has comments for translators is an object with its `message`. */
export function readTexts(file: string): Texts {
  const texts = JSON.parse(readFileSync(new URL(file, ROOT), 'utf8')) as Readonly<
    Record<string, string | { readonly message: string }>
  >;
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, typeof text === 'string' ? text : text.message]),
  );
}
