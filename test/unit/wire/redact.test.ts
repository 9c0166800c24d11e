import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { holdsSecret, sanitize } from '../../../src/wire/redact.ts';

const SECRET = 'aorAAAAAGrefresh+token/0123456789==:MGQCMH';
const MAX = 400;

/** The parts of `SECRET` that are still in the text. */
function partsIn(text: string, length: number): readonly string[] {
  const parts = Array.from({ length: SECRET.length - length + 1 }, (_, at) => SECRET.slice(at, at + length));
  return parts.filter((part) => text.toLowerCase().includes(part.toLowerCase()));
}

describe('redaction', function () {
  // Properties are tried on many values.
  this.timeout(10_000);

  for (const [kind, echo] of [
    ['whole', SECRET],
    ['as the first half', SECRET.slice(0, 20)],
    ['as the second half', SECRET.slice(20)],
    ['as a piece of eight characters', SECRET.slice(9, 17)],
    ['percent-encoded', encodeURIComponent(SECRET)],
    ['as a part of a percent-encoded one', encodeURIComponent(SECRET).slice(12, 30)],
    ['in a JSON string', JSON.stringify(JSON.stringify(SECRET))],
    ['in lower case, as URL parsers write hosts', SECRET.toLowerCase()],
    ['in upper case', SECRET.toUpperCase()],
    ['twice, without anything in between', SECRET + SECRET],
  ] as const) {
    it(`takes out a secret that comes back ${kind}, whatever stands around it`, () => {
      for (const [before, after] of [
        ['', ''],
        ['x', 'y'],
        ['token=', '&more'],
        [' ', ' '],
      ] as const) {
        const clean = sanitize(`No ${before}${echo}${after} here`, [SECRET], MAX) ?? '';
        assert.deepEqual(partsIn(clean, 8), [], clean);
        assert.ok(clean.startsWith(`No ${before}`.trimEnd()) && clean.endsWith(' here'), clean);
        assert.match(clean, /\[redacted\]/);
      }
    });
  }

  it('leaves no part of a secret where the text is cut, wherever that is', () => {
    for (let before = 0; before < 8 * MAX + 60; before += 1) {
      const clean = sanitize(`${'\n'.repeat(before)}${SECRET}`, [SECRET], MAX) ?? '';
      assert.deepEqual(partsIn(clean, 5), [], `${before} characters before it: ${clean}`);
    }
  });

  it('shows as much as it may, and takes out a short secret as a whole', () => {
    assert.equal(
      sanitize('the code BCD-FGH is not known', ['BCD-FGH'], MAX),
      'the code [redacted] is not known',
    );
    assert.equal(sanitize('nothing to hide', [SECRET, ''], MAX), 'nothing to hide');
    assert.equal(sanitize('  \u0000 ', [SECRET], MAX), undefined);
    assert.equal(sanitize(undefined, [SECRET], MAX), undefined);
  });

  it('reads no more of a text than it may show: a description of a megabyte is not read', () => {
    // What it would find at the end if it read on.
    const long = `${'\n'.repeat(2 ** 20)}the end`;
    assert.equal(sanitize(long, [SECRET], MAX), undefined);
  });

  it('takes no time that grows with text and secrets multiplied: a token of a megabyte is looked through once', () => {
    const token = 'y'.repeat(2 ** 20);
    const startedAt = process.cpuUsage();
    assert.equal(sanitize('yyyyyyyz'.repeat(MAX), [token], MAX)?.length, MAX);
    const { user, system } = process.cpuUsage(startedAt);
    assert.ok(user + system < 1_000_000, `${(user + system) / 1000} ms`);
    const secret = `${token}${SECRET}${token}`;
    assert.equal(sanitize(`No ${SECRET.slice(3, 20)} here`, [secret], MAX), 'No [redacted] here');
  });

  it('is bounded, well-formed and free of the secret, whatever comes', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc
        .tuple(fc.nat(SECRET.length), fc.nat(SECRET.length))
        .map(([a, b]) => SECRET.slice(Math.min(a, b), Math.max(a, b))),
      fc.constantFrom('\n'.repeat(3000), '[redacted]'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const clean = sanitize(pieces.join(''), [SECRET], MAX) ?? '';
        assert.ok(clean.length <= MAX && clean.isWellFormed());
        assert.deepEqual(partsIn(clean, 8), []);
      }),
    );
  });
});

/** What it means: whether eight or more characters in a row are the same, in whatever case. */
function shareEight(id: string, secret: string): boolean {
  return Array.from({ length: Math.max(id.length - 7, 0) }, (_, at) => id.slice(at, at + 8)).some((piece) =>
    secret.toLowerCase().includes(piece.toLowerCase()),
  );
}

describe('the check of an id for secrets', function () {
  // Properties are tried on many values.
  this.timeout(10_000);

  it('finds every piece of eight characters, wherever it is in the id and in the secret', () => {
    const secret = '0A1b2C3d4E5f6G7h8I9j';
    for (let before = 0; before < 12; before += 1) {
      for (let from = 0; from + 7 <= secret.length; from += 1) {
        for (const length of [7, 8, 11]) {
          const piece = secret.slice(from, from + length);
          const id = `${'-'.repeat(before)}${piece}--`;
          assert.equal(holdsSecret(id, ['other-secret', secret]), piece.length >= 8, id);
          assert.equal(holdsSecret(id.toUpperCase(), [secret]), piece.length >= 8, id);
        }
      }
    }
  });

  it('finds a short secret only as a whole, and an empty one never', () => {
    assert.equal(holdsSecret('id-BCD-FGH-1', ['bcd-fgh']), true);
    assert.equal(holdsSecret('id-BCD-FG', ['BCD-FGH', '']), false);
  });

  it('finds what a search for each piece finds, whatever the id and the secret are', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'A', 'b', '1'), maxLength: 40 });
    fc.assert(
      fc.property(
        text,
        fc.string({ unit: fc.constantFrom('a', 'b', 'B', '1'), minLength: 8, maxLength: 60 }),
        (id, secret) => {
          assert.equal(holdsSecret(id, [secret]), shareEight(id, secret));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
