import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { BUNDLE, bundleText, sourceFiles } from '../../../scripts/common/phrases.ts';
import { nonEmpty } from '../support/nonEmpty.ts';
import { readTexts } from '../support/packageTexts.ts';

const root = resolve(import.meta.dirname, '../../..');

type Texts = Readonly<Record<string, string>>;

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

describe('the texts that users see', () => {
  it('are written so that the tools for translators find them', () => {
    const calls = sourceFiles()
      .join('\n')
      .matchAll(/\bl10n\.t\(\s*(.*)/g);
    // `translate` hands on what was written elsewhere.
    for (const [call, argument = ''] of nonEmpty('call of l10n.t', calls)) {
      assert.match(
        argument,
        /^(?:['"]|\{$|\{ message: ['"]|phrase\);$)/,
        `${call} does not begin with a plain string`,
      );
    }
  });

  it('are the English bundle: `npm run l10n` writes it again', async () => {
    assert.equal(readFileSync(BUNDLE, 'utf8'), await bundleText(), `${BUNDLE} is out of date`);
  }).timeout(180_000);

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

  it('of package.json have in every language what their comments tell translators to keep', () => {
    const texts = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Readonly<
      Record<string, string | { readonly message: string; readonly comment: readonly string[] }>
    >;
    const german = readTexts('package.nls.de.json');
    const commented = Object.entries(texts).flatMap(([key, text]) =>
      typeof text === 'string' ? [] : [{ key, ...text }],
    );
    for (const { key, message, comment } of nonEmpty('comment for translators', commented)) {
      for (const [, kept = ''] of comment.join('\n').matchAll(/\{Locked='([^']+)'\}/g)) {
        assert.ok(message.includes(kept), `"${key}" does not have ${kept}`);
        assert.ok(german[key]?.includes(kept), `"${key}" does not have ${kept} in German`);
      }
    }
  });
});
