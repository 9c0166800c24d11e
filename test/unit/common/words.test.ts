import assert from 'node:assert/strict';

import { inEnglish, joined, l10n, render, WordedError } from '../../../src/common/words.ts';
import type { Translate } from '../../../src/common/words.ts';

const words = l10n.t('{0} failed: {1}', 'CreateToken', joined(', ', [l10n.t('no answer'), 'HTTP 503', 3]));
const translate: Translate = ({ message, args }) => `<${message}|${args.join('|')}>`;

describe('words', () => {
  it('are an English sentence with what is filled in', () => {
    assert.equal(inEnglish(words), 'CreateToken failed: no answer, HTTP 503, 3');
  });

  it('are translated phrase by phrase; names and the words of others are not', () => {
    assert.equal(render(words, translate), '<{0} failed: {1}|CreateToken|<no answer|>, HTTP 503, 3>');
  });

  it('let no value fill in anything of its own', () => {
    assert.equal(inEnglish(l10n.t('{0} and {1}', '{1}', 'x')), '{1} and x');
    assert.equal(inEnglish(l10n.t('Like {"name": …}, {0}', 'y')), 'Like {"name": …}, y');
  });

  it('of an error are its message, in English, and are not printed with it', () => {
    const error = new WordedError(words);
    assert.equal(error.message, 'CreateToken failed: no answer, HTTP 503, 3');
    assert.deepEqual(Object.keys(error), []);
  });
});
