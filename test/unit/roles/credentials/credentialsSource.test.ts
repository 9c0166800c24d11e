import assert from 'node:assert/strict';

import { Emitter } from '../../../../src/common/event.ts';
import { inEnglish } from '../../../../src/common/words.ts';
import { CredentialsSource } from '../../../../src/roles/credentials/credentialsSource.ts';
import type { RoleEnded } from '../../../../src/roles/credentials/unavailable.ts';
import type { SessionAnswer } from '../../../../src/roles/credentials/roleSessions.ts';
import type { RoleCredentials, SessionRole } from '../../../../src/roles/credentials/roleCredentials.ts';
import { isRoleForbidden } from '../../../../src/roles/credentials/sessionRoles.ts';
import { unavailable } from '../../../../src/roles/credentials/unavailable.ts';
import { SsoOidcError } from '../../../../src/wire/errors.ts';
import { VirtualClock } from '../../../support/virtualClock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ROLE: SessionRole = { sessionId: 'acme', accountId: '111122223333', roleName: 'Developer' };

class Forbidden extends Error {}

/** A service whose answers a test decides, and which counts what it is asked. */
function start({ lifetimeMs = HOUR_MS } = {}) {
  const clock = new VirtualClock();
  const changes = new Emitter<void>();
  const asked: string[] = [];
  const ended: RoleEnded[] = [];
  const logged: string[] = [];
  const state: {
    session: SessionAnswer['kind'];
    failure: Error | undefined;
    hangs: Promise<void> | undefined;
  } = {
    session: 'signedIn',
    failure: undefined,
    hangs: undefined,
  };
  const getCredentials = async (role: SessionRole): Promise<RoleCredentials> => {
    const number = asked.push(role.roleName);
    await state.hangs;
    if (state.failure !== undefined) {
      throw state.failure;
    }
    return {
      accessKeyId: `ASIA${number}`,
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expiration: clock.now() + lifetimeMs,
    };
  };
  const log = {
    info: (event: object) => void logged.push(JSON.stringify(event)),
    warn: (event: object) => void logged.push(JSON.stringify(event)),
  };
  const source = new CredentialsSource({
    sessions: {
      ask: async () =>
        state.session === 'signedIn' ? { kind: 'signedIn', getCredentials } : { kind: state.session },
      onDidChange: (listener) => changes.event(() => listener()),
    },
    isForbidden: (error) => error instanceof Forbidden || isRoleForbidden(error),
    clock,
    random: { uniform: () => 0.5, bytes: (length) => new Uint8Array(length), uuid: () => 'id' },
    log,
  });
  source.onDidEnd((end) => ended.push(end));
  const change = async (kind: SessionAnswer['kind']): Promise<void> => {
    state.session = kind;
    changes.fire();
    await clock.advance(0);
  };
  const keyId = async (): Promise<string> => {
    const found = await source.read(ROLE);
    return found.kind === 'available' ? found.credentials.accessKeyId : found.reason;
  };
  return { clock, asked, ended, logged, state, source, change, keyId };
}

/** What a terminal is told, or `available`. */
async function words(source: CredentialsSource): Promise<string> {
  const found = await source.read(ROLE);
  return found.kind === 'available' ? found.kind : inEnglish(found.words);
}

describe('the credentials of a role in use', () => {
  it('are fetched once, however many ask at once (aws-vault PR#291)', async () => {
    const { source, asked, keyId } = start();
    source.use(ROLE);
    const keys = await Promise.all(Array.from({ length: 40 }, keyId));
    assert.deepEqual(new Set(keys), new Set(['ASIA1']));
    assert.equal(asked.length, 1);
  });

  it('are renewed 20 minutes before their end, and always have more than 16 minutes left (serverless-application-model#2475)', async () => {
    const { clock, source, asked } = start();
    source.use(ROLE);
    for (let minute = 0; minute < 12 * 60; minute += 1) {
      await clock.advance(MINUTE_MS);
      const found = await source.read(ROLE);
      assert.ok(found.kind === 'available' && found.credentials.expiration - clock.now() > 16 * MINUTE_MS);
    }
    assert.equal(asked.length, 19, 'one request for every 40 minutes, and the first');
  });

  it('are renewed at half their time where they live for seconds', async () => {
    const { clock, source, asked } = start({ lifetimeMs: 10_000 });
    source.use(ROLE);
    await clock.advance(60_000);
    assert.equal(asked.length, 13);
  });

  it('are returned as long as they are valid while the service fails, and requested less and less often', async () => {
    const { clock, source, asked, state, keyId } = start();
    source.use(ROLE);
    await clock.advance(0);
    state.failure = new Error('the service is down');
    await clock.advance(59 * MINUTE_MS);
    assert.equal(await keyId(), 'ASIA1');
    assert.ok(asked.length < 25, `asked ${asked.length} times`);
    await clock.advance(2 * MINUTE_MS);
    const found = await source.read(ROLE);
    assert.ok(found.kind === 'unavailable' && found.reason === 'notNow');
    assert.match(JSON.stringify(found.words), /the service is down/);
    state.failure = undefined;
    await clock.advance(2 * MINUTE_MS);
    assert.match(await keyId(), /^ASIA/);
  });

  it('are asked for no sooner than the service says', async () => {
    const { clock, source, asked, state, keyId } = start();
    state.failure = new SsoOidcError({
      code: 'TooManyRequestsException',
      what: 'Too many requests were sent.',
      advice: 'Wait.',
      sent: 'maybe',
      retryAfterMs: 10 * MINUTE_MS,
    });
    source.use(ROLE);
    await clock.advance(9 * MINUTE_MS);
    assert.deepEqual([await keyId(), asked.length], ['notNow', 1], 'not for a tool either');
    await clock.advance(2 * MINUTE_MS);
    assert.equal(asked.length, 2);
    state.failure = undefined;
    clock.setBack(HOUR_MS);
    assert.equal(await keyId(), 'ASIA3', 'whatever the clock said');
  });

  it('are waited for no longer than tools wait (aws-vault#572)', async () => {
    const { clock, source, state } = start();
    state.hangs = new Promise(() => undefined);
    source.use(ROLE);
    const reading = source.read(ROLE);
    await clock.advance(700);
    assert.equal((await reading).kind, 'unavailable');
  });

  it('are removed at once when the session is signed out or needs sign-in, with one event', async () => {
    for (const kind of ['signedOut', 'needsSignIn'] as const) {
      const { source, ended, change, keyId } = start();
      source.use(ROLE);
      assert.equal(await keyId(), 'ASIA1');
      await change(kind);
      assert.equal(await keyId(), kind);
      await change(kind);
      assert.deepEqual(
        ended.map(({ role, why }) => [role, why.reason]),
        [[ROLE, kind]],
      );
    }
  });

  it('are not those that were on their way when the session was signed out', async () => {
    const { clock, source, state, change, keyId } = start();
    const { promise, resolve } = Promise.withResolvers<void>();
    state.hangs = promise;
    source.use(ROLE);
    await clock.advance(0);
    await change('signedOut');
    resolve();
    await clock.advance(0);
    assert.equal(await keyId(), 'signedOut');
  });

  it('have ended for as long as they cannot be had, and not for whoever uses the role anew', async () => {
    const { source, change, state, keyId } = start();
    const first = source.use(ROLE);
    assert.equal(await keyId(), 'ASIA1');
    assert.equal(source.endOf(ROLE), undefined);
    await change('needsSignIn');
    assert.deepEqual(source.endOf(ROLE), unavailable('needsSignIn').words);
    first.dispose();
    assert.equal(source.endOf(ROLE), undefined);
    state.session = 'signedIn';
    source.use(ROLE);
    assert.equal(await keyId(), 'ASIA2');
    assert.equal(source.endOf(ROLE), undefined);
    source.dispose();
  });

  it('are told of once when they can be had again after an end', async () => {
    const { source, change, keyId } = start();
    const returned: string[] = [];
    source.onDidReturn(({ roleName }) => returned.push(roleName));
    source.use(ROLE);
    assert.equal(await keyId(), 'ASIA1');
    await change('needsSignIn');
    assert.deepEqual(returned, []);
    await change('signedIn');
    assert.equal(await keyId(), 'ASIA2');
    assert.deepEqual(returned, ['Developer']);
    source.dispose();
  });

  it('are back for the same terminal after signing in again', async () => {
    const { source, change, keyId } = start();
    source.use(ROLE);
    await keyId();
    await change('needsSignIn');
    await change('signedIn');
    assert.equal(await keyId(), 'ASIA2');
  });

  it('are back for it too where a request from before the end of the sign-in still hangs', async () => {
    const { clock, source, state, asked, change, keyId } = start();
    const old = Promise.withResolvers<void>();
    state.hangs = old.promise;
    const returned: string[] = [];
    source.onDidReturn(({ roleName }) => returned.push(roleName));
    source.use(ROLE);
    await clock.advance(0);
    await change('needsSignIn');
    state.hangs = undefined;
    await change('signedIn');
    assert.deepEqual([asked.length, returned], [2, ['Developer']]);
    assert.equal(await keyId(), 'ASIA2');
    old.resolve();
    await clock.advance(0);
    assert.equal(await keyId(), 'ASIA2');
    assert.equal(source.endOf(ROLE), undefined);
    assert.equal(asked.length, 2);
    source.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it('are not said to need a sign-in once there is one, however long the service takes', async () => {
    const { clock, source, state, change } = start();
    const reason = async (): Promise<string> => {
      const [found] = await Promise.all([source.read(ROLE), clock.advance(1000)]);
      return found.kind === 'available' ? found.kind : found.reason;
    };
    source.use(ROLE);
    await clock.advance(0);
    await change('needsSignIn');
    assert.equal(await reason(), 'needsSignIn');
    const slow = Promise.withResolvers<void>();
    state.hangs = slow.promise;
    await change('signedIn');
    assert.equal(await reason(), 'notNow');
    slow.resolve();
    assert.equal(await reason(), 'available');
  });

  it('are removed when the service says that the role is not allowed (aws-cli#7871)', async () => {
    const { clock, source, state, ended, keyId } = start();
    source.use(ROLE);
    await keyId();
    state.failure = new Forbidden('No access');
    await clock.advance(41 * MINUTE_MS);
    assert.equal(await keyId(), 'forbidden');
    assert.equal(ended.length, 1);
  });

  describe('that AWS refuses', () => {
    const refusal = new SsoOidcError({
      code: 'ForbiddenException',
      what: "You don't have access to this account or role, even if it's listed.",
      advice: 'Choose another role.',
      error_description: 'No access',
      requestId: 'request-1',
      sent: 'maybe',
    });

    it('say why in the words of the service, with the request ID, and not that the role could be taken before', async () => {
      const { source, state } = start();
      state.failure = refusal;
      source.use(ROLE);
      assert.equal(await words(source), refusal.message);
      assert.match(refusal.message, /The service said: "No access" Request ID: request-1\./);
    });

    it('are told of once, though the network fails before AWS refuses them again', async () => {
      const { clock, source, state, ended, keyId } = start();
      source.use(ROLE);
      await keyId();
      state.failure = refusal;
      await clock.advance(41 * MINUTE_MS);
      assert.equal(ended.length, 1);
      state.failure = new Error('no network');
      assert.equal(await keyId(), 'notNow');
      state.failure = refusal;
      assert.equal(await keyId(), 'forbidden');
      assert.match(await words(source), /^AWS no longer lets you use this role\./);
      assert.equal(ended.length, 1);
      state.failure = undefined;
      await clock.advance(10_000);
      assert.match(await keyId(), /^ASIA/);
      state.failure = refusal;
      await clock.advance(41 * MINUTE_MS);
      assert.equal(ended.length, 2, 'which is another end');
      source.dispose();
    });

    it('say so as well where they could be had before', async () => {
      const { clock, source, state } = start();
      source.use(ROLE);
      assert.equal(await words(source), 'available');
      state.failure = refusal;
      await clock.advance(41 * MINUTE_MS);
      const said =
        /^AWS no longer lets you use this role\. .*\. The service said: "No access" Request ID: request-1\.$/;
      assert.match(await words(source), said);
      await clock.advance(MINUTE_MS);
      assert.match(await words(source), said, 'also when a tool has asked again');
      source.dispose();
    });
  });

  it('of a role that may not be taken are asked for once in ten seconds, however many tools ask', async () => {
    const { clock, source, asked, state, keyId } = start();
    state.failure = new Forbidden('No access');
    source.use(ROLE);
    for (let asking = 0; asking < 50; asking += 1) {
      assert.equal(await keyId(), 'forbidden');
    }
    assert.equal(asked.length, 1);
    await clock.advance(10_000);
    state.failure = undefined;
    assert.equal(await keyId(), 'ASIA2');
    assert.equal(asked.length, 2);
  });

  it('of a role that may not be taken are asked for at once after signing in again', async () => {
    const { clock, source, asked, state, change, keyId } = start();
    const returned: string[] = [];
    source.onDidReturn(({ roleName }) => returned.push(roleName));
    state.failure = new Forbidden('No access');
    source.use(ROLE);
    assert.equal(await keyId(), 'forbidden');
    await change('needsSignIn');
    state.failure = undefined;
    await clock.advance(5000);
    await change('signedIn');
    assert.deepEqual([asked.length, returned], [2, ['Developer']]);
    assert.equal(await keyId(), 'ASIA2');
  });

  it('are renewed at once after the machine has slept past their end', async () => {
    const { clock, source, keyId } = start();
    source.use(ROLE);
    await keyId();
    clock.sleep(3 * HOUR_MS);
    assert.equal(await keyId(), 'ASIA2');
  });

  it('that are over by a clock that is ahead are asked for no more often than after a failure, and why is said', async () => {
    const { clock, source, asked, state } = start({ lifetimeMs: -HOUR_MS });
    source.use(ROLE);
    await clock.advance(10 * MINUTE_MS);
    assert.ok(asked.length < 15, `asked ${asked.length} times`);
    const found = await source.read(ROLE);
    assert.ok(found.kind === 'unavailable' && found.reason === 'notNow');
    assert.match(inEnglish(found.words), /expired when they arrived\. Check this computer's clock\.$/);
    assert.equal(state.failure, undefined);
    source.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it('that live for a moment by a clock that is ahead are renewed every five seconds, and whenever a tool asks', async () => {
    const { clock, source, asked, keyId } = start({ lifetimeMs: 100 });
    source.use(ROLE);
    await clock.advance(MINUTE_MS + 4000);
    assert.equal(asked.length, 13);
    assert.equal(await keyId(), 'ASIA14');
    source.dispose();
  });

  it('are forgotten, and not renewed, once nobody uses the role any more', async () => {
    const { clock, source, asked, keyId } = start();
    const [one, two] = [source.use(ROLE), source.use(ROLE)];
    await keyId();
    one.dispose();
    one.dispose();
    assert.equal(await keyId(), 'ASIA1');
    two.dispose();
    assert.equal(await keyId(), 'closed');
    assert.equal(clock.pendingTimers, 0);
    await clock.advance(2 * HOUR_MS);
    assert.equal(asked.length, 1);
  });

  it('are never those of another role', async () => {
    const { source } = start();
    const other = { ...ROLE, roleName: 'Auditor' };
    source.use(ROLE);
    source.use(other);
    const found = await Promise.all([source.read(ROLE), source.read(other)]);
    const keys = found.map((one) => (one.kind === 'available' ? one.credentials.accessKeyId : one.reason));
    assert.deepEqual(keys, ['ASIA1', 'ASIA2']);
  });

  it('are not in the log', async () => {
    const { clock, source, state, logged } = start();
    state.failure = new Error('SECRET in a message');
    source.use(ROLE);
    await clock.advance(HOUR_MS);
    assert.ok(logged.length > 0);
    assert.doesNotMatch(logged.join(), /SECRET|ASIA|token/);
  });
});
