import assert from 'node:assert/strict';

import { userOf } from '../../../src/flows/idToken.ts';

function idToken(claims: object | string): string {
  const payload = typeof claims === 'string' ? claims : JSON.stringify(claims);
  return `e30.${Buffer.from(payload).toString('base64url')}.c2ln`;
}

describe('the user an ID token names', () => {
  it('has a subject, and an email address where there is one', () => {
    assert.deepEqual(userOf(idToken({ sub: 'u-1', email: 'jane@example.com' })), {
      subject: 'u-1',
      email: 'jane@example.com',
    });
    assert.deepEqual(userOf(idToken({ sub: 'u-1' })), { subject: 'u-1' });
  });

  for (const [what, token] of [
    ['no token', undefined],
    ['an opaque token', 'aoaAAAAAGdw'],
    ['a payload that is not JSON', idToken('{')],
    ['a payload that is not an object', idToken('"jane"')],
    ['no subject', idToken({ email: 'jane@example.com' })],
    ['an empty subject', idToken({ sub: '' })],
    ['a subject that is no text', idToken({ sub: 7 })],
  ] as const) {
    it(`is nobody, given ${what}`, () => {
      assert.equal(userOf(token), undefined);
    });
  }

  for (const [what, email] of [
    ['with markup', '[jane](command:quit)@example.com'],
    ['that turns the direction of text around', 'jane\u202E@example.com'],
    ['with something invisible in it', 'ja\u200Bne@example.com'],
    ['that is too long', `${'a'.repeat(250)}@example.com`],
    ['that is none', 'jane'],
    ['that is no text', { address: 'jane@example.com' }],
    ['that is null', null],
  ] as const) {
    it(`keeps the subject, and has no address, given one ${what}`, () => {
      assert.deepEqual(userOf(idToken({ sub: 'u-1', email })), { subject: 'u-1' });
    });
  }

  it('has a subject of bounded length, whatever the token has, and a different one for each', () => {
    const longest = 'x'.repeat(255);
    assert.equal(userOf(idToken({ sub: longest }))?.subject, longest);
    const subjects = [`${longest}x`, `${longest}y`, 'x'.repeat(500_000), 'ü', 'u\u200B-1', 'u-1 '].map(
      (sub) => userOf(idToken({ sub }))?.subject ?? '',
    );
    assert.equal(new Set(subjects).size, subjects.length);
    for (const subject of subjects) {
      assert.match(subject, /^sha256:[\w-]{43}$/);
    }
  });
});
