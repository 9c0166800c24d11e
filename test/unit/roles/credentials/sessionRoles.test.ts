import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

import { Emitter } from '../../../../src/common/event.ts';
import { SsoPortalClient } from '../../../../src/portal/client.ts';
import { SessionRequests } from '../../../../src/roles/credentials/sessionRequests.ts';
import { sessionRoles } from '../../../../src/roles/credentials/sessionRoles.ts';
import type { RoleCredentials } from '../../../../src/roles/credentials/roleCredentials.ts';
import type { RefreshOutcome } from '../../../../src/sessions/refresh/outcome.ts';
import type { LiveSession } from '../../../../src/sessions/session.ts';
import { janesSession } from '../../support/session.ts';

const ROLE = { sessionId: 'acme', accountId: '111122223333', roleName: 'Developer' };
const SESSION = janesSession();
const CREDENTIALS = { accessKeyId: 'ASIA', secretAccessKey: 'secret', sessionToken: 'token', expiration: 1 };

/** A portal that takes one token, and sessions that have another until they are refreshed. */
function start(outcome: RefreshOutcome, tokens: { accepted: string; refreshed: string }) {
  const asked: string[] = [];
  const latencies: number[] = [];
  let accessToken = 'access-1';
  let refreshes = 0;
  let forbidden = '';
  const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
    const token = new Headers(init?.headers).get('x-amz-sso_bearer_token') ?? '';
    asked.push(token);
    await delay(latencies.shift() ?? 0);
    if (token === forbidden) {
      return Response.json(
        { message: 'No access', __type: 'com.amazonaws.switchboard.portal#ForbiddenException' },
        { status: 403 },
      );
    }
    return token === tokens.accepted
      ? Response.json({ roleCredentials: CREDENTIALS })
      : Response.json(
          {
            message: 'Session token not found or invalid',
            __type: 'com.amazonaws.switchboard.portal#UnauthorizedException',
          },
          { status: 401, headers: { 'x-amzn-errortype': 'UnauthorizedException' } },
        );
  };
  const live = (): LiveSession => ({
    session: SESSION,
    tokens: { accessToken, issuedAt: 1, expiresAt: 2e12, signedInAt: 1, generation: 1 + refreshes },
  });
  const sessions = {
    sessions: [SESSION],
    onDidUpdate: new Emitter<void>().event,
    getSessions: async () => [live()],
    refreshNow: async () => {
      refreshes += 1;
      accessToken = outcome.kind === 'fresh' ? tokens.refreshed : accessToken;
      return outcome;
    },
  };
  const endpoint = new URL('https://portal.example');
  const client = new SsoPortalClient({ endpoint, fetch, repeat: 'never' });
  const roles = sessionRoles(sessions, new SessionRequests(sessions), () => client);
  const read = async (latencyMs = 0): Promise<RoleCredentials> => {
    latencies.push(latencyMs);
    const answer = await roles.ask(SESSION.id);
    assert.ok(answer.kind === 'signedIn');
    return answer.getCredentials(ROLE, new AbortController().signal);
  };
  const forbid = (token: string): void => void (forbidden = token);
  return { asked, read, refreshes: () => refreshes, tokens, forbid };
}

describe('a role whose session has a token that the portal rejects', () => {
  it('is taken with the token of a refresh', async () => {
    const { asked, read, refreshes } = start(
      { kind: 'fresh' },
      { accepted: 'access-2', refreshed: 'access-2' },
    );
    assert.deepEqual(await read(), CREDENTIALS);
    assert.deepEqual(asked, ['access-1', 'access-2']);
    assert.equal(refreshes(), 1);
  });

  it('has the session refreshed, whose answer decides whether it needs sign-in', async () => {
    const { asked, read, refreshes } = start({ kind: 'over' }, { accepted: '', refreshed: '' });
    await assert.rejects(read(), { code: 'UnauthorizedException' });
    assert.deepEqual([asked, refreshes()], [['access-1'], 1]);
  });

  it('is taken with that token by all who ask at once, after one refresh', async () => {
    const { asked, read, refreshes } = start(
      { kind: 'fresh' },
      { accepted: 'access-2', refreshed: 'access-2' },
    );
    assert.deepEqual(
      await Promise.all([read(), read(20), read(40)]),
      Array.from({ length: 3 }, () => CREDENTIALS),
    );
    assert.equal(refreshes(), 1);
    assert.deepEqual(
      asked.toSorted(),
      [1, 1, 1, 2, 2, 2].map((number) => `access-${number}`),
    );
  });

  it('is refreshed again later, though the first refresh led to another refusal', async () => {
    const { read, refreshes, tokens, forbid } = start(
      { kind: 'fresh' },
      { accepted: 'access-2', refreshed: 'access-2' },
    );
    forbid('access-2');
    await assert.rejects(read(), { code: 'ForbiddenException' });
    Object.assign(tokens, { accepted: 'access-3', refreshed: 'access-3' });
    forbid('');
    assert.deepEqual(await read(), CREDENTIALS);
    assert.equal(refreshes(), 2);
  });

  it('is not refreshed again and again where new tokens are rejected as well', async () => {
    const { asked, read, refreshes } = start({ kind: 'fresh' }, { accepted: '', refreshed: 'access-2' });
    for (let time = 0; time < 3; time += 1) {
      await assert.rejects(read(), { code: 'UnauthorizedException' });
    }
    assert.deepEqual([asked, refreshes()], [['access-1', 'access-2', 'access-2', 'access-2'], 1]);
  });
});
