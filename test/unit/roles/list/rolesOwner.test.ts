import assert from 'node:assert/strict';

import { rolesOwners } from '../../../../src/roles/list/rolesOwner.ts';
import type { Session } from '../../../../src/sessions/session.ts';

interface Differs {
  readonly id: string;
  readonly connection?: string;
  readonly startUrl?: string;
  readonly user?: string;
  readonly scopes?: readonly string[];
  readonly needsSignIn?: boolean;
}

function session({
  id,
  connection = 'acme',
  startUrl,
  user = 'jane',
  scopes = [],
  needsSignIn,
}: Differs): Session {
  return {
    id,
    account: { id: user, label: user },
    connection: {
      name: connection,
      startUrl: startUrl ?? `https://${connection}.awsapps.com/start`,
      region: 'eu-west-1',
    },
    scopes,
    signedInAt: 1,
    generation: 1,
    state:
      needsSignIn === true
        ? { kind: 'needsSignIn', reason: 'expired', since: 2 }
        : { kind: 'signedIn', issuedAt: 1, expiresAt: 2, refreshable: true },
  };
}

const owners = (...sessions: readonly Session[]) =>
  rolesOwners(sessions).map(({ sessionId, needsSignIn }) =>
    needsSignIn ? `${sessionId} needs sign-in` : sessionId,
  );

describe('whose roles are listed', () => {
  it('is each user of each Identity Center once, by a session that can be used', () => {
    assert.deepEqual(
      owners(session({ id: 'a', needsSignIn: true }), session({ id: 'b' }), session({ id: 'c' })),
      ['b'],
    );
    assert.deepEqual(owners(session({ id: 'a', needsSignIn: true })), ['a needs sign-in']);
    assert.deepEqual(owners(session({ id: 'a' }), session({ id: 'b', user: 'john' })), ['a', 'b']);
    assert.deepEqual(owners(session({ id: 'a' }), session({ id: 'b', connection: 'globex' })), ['a', 'b']);
    const elsewhere = session({ id: 'b', connection: 'other', startUrl: 'https://acme.awsapps.com/start/' });
    assert.deepEqual(owners(session({ id: 'a' }), elsewhere), ['a']);
  });

  it('is another one once a connection of the same name leads elsewhere', () => {
    const [before] = rolesOwners([session({ id: 'a' })]);
    const [after] = rolesOwners([session({ id: 'a', startUrl: 'https://globex.awsapps.com/start' })]);
    assert.notEqual(before?.key, after?.key);
  });

  it('is nobody whose token may not list accounts', () => {
    assert.deepEqual(owners(session({ id: 'a', scopes: ['codewhisperer:completions'] })), []);
    assert.deepEqual(owners(session({ id: 'a', scopes: ['sso:account:access', 'x:y'] })), ['a']);
  });
});
