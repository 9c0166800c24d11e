import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { FAULT_TEXT } from '../../../src/connections/faultText.ts';
import { ERROR_TEXT } from '../../../src/wire/errorText.ts';
import { nonEmpty } from '../support/nonEmpty.ts';

const root = resolve(import.meta.dirname, '../../..');

type Texts = Readonly<Record<string, string>>;
const readTexts = (file: string): Texts => JSON.parse(readFileSync(join(root, file), 'utf8')) as Texts;

/** The tables of phrases, which the code looks up by error code. */
const TABLED = [...Object.values(ERROR_TEXT).flat(), ...Object.values(FAULT_TEXT)];

const CALL = /(?:\bl10n\.t|(?<!\bfunction )\bphrase)\(/g;
const CALL_WITH_TEXT = new RegExp(
  String.raw`${CALL.source}\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")`,
  'g',
);

/** The calls of `l10n.t` and `phrase`, and the texts of those whose text is a plain string, as translators' tools find them. */
function textsInSource(): { readonly calls: number; readonly texts: readonly string[] } {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const code = files.map((name) => readFileSync(join(root, 'src', name), 'utf8')).join('\n');
  const texts = [...code.matchAll(CALL_WITH_TEXT)].map(([, single = '', double = '']) =>
    (single + double).replaceAll(/\\(.)/g, '$1'),
  );
  return { calls: [...code.matchAll(CALL)].length, texts };
}

/** What is filled in, and what a click runs: the same in every language. */
function placeholders(text: string): readonly string[] {
  return (text.match(/\{\d\}|\]\(command:[^)]*\)|`[^`]*`/g) ?? []).toSorted();
}

function assertSameKeys(actual: readonly string[], expected: readonly string[]): void {
  const missing = expected.filter((key) => !actual.includes(key));
  const unused = actual.filter((key) => !expected.includes(key));
  assert.deepEqual({ missing, unused }, { missing: [], unused: [] });
}

function assertTranslated(english: Texts, translated: Texts): void {
  assertSameKeys(Object.keys(translated), Object.keys(english));
  for (const [key, text] of Object.entries(english)) {
    const translation = translated[key] ?? '';
    assert.notEqual(translation.trim(), '', `"${key}" is empty`);
    assert.deepEqual(placeholders(translation), placeholders(text), `the placeholders of "${key}"`);
  }
}

describe('the texts that people see', () => {
  it('are written so that the tools for translators find them', () => {
    const { calls, texts } = textsInSource();
    nonEmpty('call of l10n.t or phrase', texts);
    assert.equal(texts.length, calls, 'each call of l10n.t and phrase begins with a plain string');
  });

  it('are all in the English bundle, and nothing else is', () => {
    const bundle = readTexts('l10n/bundle.l10n.json');
    assertSameKeys(Object.keys(bundle), [...textsInSource().texts, ...TABLED]);
    assert.deepEqual(Object.values(bundle), Object.keys(bundle));
  });

  it('are all there in German, with the same placeholders', () => {
    assertTranslated(readTexts('l10n/bundle.l10n.json'), readTexts('l10n/bundle.l10n.de.json'));
  });

  it('of package.json are all there, in English and in German', () => {
    const english = readTexts('package.nls.json');
    const used = readFileSync(join(root, 'package.json'), 'utf8').matchAll(/"%([^%"]+)%"/g);
    const keys = new Set([...used].map(([, key = '']) => key));
    assertSameKeys(Object.keys(english), [...keys]);
    assertTranslated(english, readTexts('package.nls.de.json'));
  });
});
