import assert from 'node:assert/strict';

import type { ExchangeConnection } from '../../../src/connections/connection.ts';
import { SignInError } from '../../../src/flows/signInError.ts';
import type { IssuedTokens } from '../../../src/flows/tokens.ts';
import type { Session } from '../../../src/sessions/session.ts';
import type { GrantedSignIn } from '../../../src/sessions/signIn/signInKeeper.ts';
import type { Renewal } from '../../../src/sessions/tokenService.ts';
import { Machine, wireError } from '../support/sessions.ts';
import type { Window } from '../support/sessions.ts';

const MINUTE_MS = 60_000;

const EXCHANGE: ExchangeConnection = {
  name: 'acme',
  flow: 'jwtBearer',
  applicationArn: 'arn:aws:sso::123456789012:application/ssoins-1/apl-1',
  region: 'eu-central-1',
  assertionFrom: { providerId: 'microsoft', scopes: ['openid'] },
};

/** What an application grants: to no client, and here without a refresh token. */
function granted(issued: IssuedTokens): GrantedSignIn {
  const { accessToken, issuedAt, expiresAt } = issued;
  return {
    connection: EXCHANGE,
    scopes: ['openid', 'VSCODE_REGION:eu-central-1'],
    issued: { accessToken, issuedAt, expiresAt },
  };
}

describe('a session by exchange', () => {
  let machine: Machine;
  let window: Window;
  let session: Session;
  /** What the service was asked to renew with. */
  let renewals: Renewal[];

  beforeEach(async () => {
    machine = new Machine();
    renewals = [];
    const { service } = machine;
    const refresh = service.refresh.bind(service);
    service.refresh = (connection, renewal) => {
      renewals.push(renewal);
      return refresh(connection, renewal);
    };
    window = await machine.open();
    ({ session } = await window.sessions.add(granted(machine.service.issue())));
  });
  afterEach(() => window.sessions.dispose());

  function state(): Session['state'] {
    const [only] = window.sessions.sessions;
    assert.ok(only !== undefined, 'the session is gone');
    return only.state;
  }

  it('is renewed in the background without a refresh token, and survives a restart', async () => {
    machine.service.answer = () => granted(machine.service.issue()).issued;
    await machine.clock.advance(51 * MINUTE_MS);
    assert.deepEqual(renewals, [{ connection: EXCHANGE, scopes: ['openid'] }]);
    window.sessions.dispose();
    window = await machine.open();
    assert.deepEqual(await machine.accessTokens(window), ['SECRET-access-2']);
    assert.equal(window.sessions.sessions[0]?.id, session.id);
    await machine.clock.advance(60 * MINUTE_MS);
    assert.equal(renewals.length, 2);
  });

  it('is renewed with its refresh token while it has one, and forgets one that is no longer in force', async () => {
    machine.service.answer = () => ({ ...granted(machine.service.issue()).issued, refreshToken: 'SECRET-r' });
    await window.sessions.refreshNow(session.id);
    machine.service.answer = () => granted(machine.service.issue()).issued;
    await window.sessions.refreshNow(session.id);
    await window.sessions.refreshNow(session.id);
    assert.deepEqual(
      renewals.map(({ refreshToken }) => refreshToken),
      [undefined, 'SECRET-r', undefined],
    );
  });

  for (const [what, error, reason] of [
    ['the other account is gone', new SignInError('noAssertion', {}), 'assertionMissing'],
    ['the service refuses its token', wireError('InvalidGrantException'), 'rejected'],
  ] as const) {
    it(`lives as long as its token when ${what}, and is renewed when that passes`, async () => {
      machine.service.answer = () => Promise.reject(error);
      await machine.clock.advance(59 * MINUTE_MS);
      assert.ok(renewals.length > 0, 'nothing was tried');
      assert.equal(state().kind, 'signedIn');
      machine.service.answer = () => granted(machine.service.issue()).issued;
      await window.sessions.refreshNow(session.id);
      assert.deepEqual(await machine.accessTokens(window), ['SECRET-access-2']);
    });

    it(`ends after its token when ${what}, and says why`, async () => {
      machine.service.answer = () => Promise.reject(error);
      await machine.clock.advance(3 * 60 * MINUTE_MS);
      const ended = state();
      assert.equal(ended.kind === 'needsSignIn' && ended.reason, reason);
      assert.equal(window.ended.length, 1);
    });
  }

  it('stays when the network or the AWS credentials fail, however long', async () => {
    machine.service.answer = () => Promise.reject(wireError('CredentialsRefused', { status: 403 }));
    await machine.clock.advance(5 * 60 * MINUTE_MS);
    assert.equal(state().kind, 'signedIn');
  });

  it('signs out like any other', async () => {
    await window.sessions.signOut(session.id);
    await window.sessions.idle();
    assert.deepEqual(window.sessions.sessions, []);
    assert.deepEqual(machine.service.signedOut, ['SECRET-access-1']);
  });
});
