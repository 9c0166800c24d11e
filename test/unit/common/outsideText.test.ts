import assert from 'node:assert/strict';

import { fitToShow, isFitToShow } from '../../../src/common/outsideText.ts';

/** What turns the direction of text around: embeddings, overrides, isolates and marks (Unicode UAX #9). */
const BIDI = ['\u061C', '\u200E', '\u200F', ...range(0x202a, 0x202e), ...range(0x2066, 0x2069)];
/** What takes no room, or stands for nothing at all. */
const INVISIBLE = [
  '\u00AD',
  '\u034F',
  '\u115F',
  '\u1160',
  '\u17B4',
  '\u180B',
  '\u180E',
  '\u200B',
  '\u200C',
  '\u200D',
  '\u2060',
  '\u2064',
  '\u2800',
  '\u3164',
  '\uFE0F',
  '\uFEFF',
  '\uFFA0',
  '\u{E0001}',
  '\u{E0041}',
];
const CONTROL = ['\0', '\u0007', '\b', '\t', '\n', '\r', '\u001B', '\u007F', '\u0085', '\u2028', '\u2029'];

function range(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index));
}

describe('text from outside', () => {
  for (const character of [...BIDI, ...INVISIBLE, ...CONTROL, '\uD800', '\uE000']) {
    const name = `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
    it(`is shown with a space for ${name}, and never looks like another text without it`, () => {
      assert.equal(fitToShow(`ac${character}me`, 100), 'ac me');
      assert.equal(fitToShow(`${character}acme${character}`, 100), 'acme');
      assert.equal(isFitToShow(`ac${character}me`, 100), false);
    });
  }

  it('stays as it is where there is nothing wrong with it, in whatever language', () => {
    for (const text of [
      'acme (2)',
      'Müller & Söhne',
      '株式会社',
      'شركة',
      'jane.doe+aws@example.com',
      'a 😀 b',
    ]) {
      assert.equal(fitToShow(text, 100), text);
      assert.ok(isFitToShow(text, 100));
    }
  });

  it('is cut to its bound, never inside of a character', () => {
    assert.equal(fitToShow('abcdef', 4), 'abc…');
    assert.equal(fitToShow('ab😀def', 4), 'ab…');
    assert.equal(isFitToShow('abcdef', 4), false);
    assert.equal(fitToShow('abcd', 4), 'abcd');
  });

  it('is not read to its end where that is far away', () => {
    assert.equal(fitToShow(`${'\u200B'.repeat(2 ** 20)}tail`, 100), '');
  });
});
