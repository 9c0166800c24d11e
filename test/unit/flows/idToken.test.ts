import assert from 'node:assert/strict';

import { personOf } from '../../../src/flows/idToken.ts';

function idToken(claims: object | string): string {
  const payload = typeof claims === 'string' ? claims : JSON.stringify(claims);
  return `e30.${Buffer.from(payload).toString('base64url')}.c2ln`;
}

describe('the person an ID token names', () => {
  it('has a subject, and an e-mail address where there is one', () => {
    assert.deepEqual(personOf(idToken({ sub: 'u-1', email: 'jane@example.com' })), {
      subject: 'u-1',
      email: 'jane@example.com',
    });
    assert.deepEqual(personOf(idToken({ sub: 'u-1' })), { subject: 'u-1' });
  });

  for (const [what, token] of [
    ['no token', undefined],
    ['an opaque token', 'aoaAAAAAGdw'],
    ['a payload that is not JSON', idToken('{')],
    ['a payload that is not an object', idToken('"jane"')],
    ['no subject', idToken({ email: 'jane@example.com' })],
    ['an empty subject', idToken({ sub: '' })],
    ['an address with markup', idToken({ sub: 'u', email: '[jane](command:quit)@example.com' })],
  ] as const) {
    it(`is nobody, given ${what}`, () => {
      assert.equal(personOf(token), undefined);
    });
  }
});
