import assert from 'node:assert/strict';

import { pollForToken } from '../../../../src/flows/deviceCode/devicePolling.ts';
import { SignInError } from '../../../../src/flows/signInError.ts';
import { SsoOidcError } from '../../../../src/wire/errors.ts';
import type { SsoOidcErrorCode } from '../../../../src/wire/errors.ts';
import { VirtualClock } from '../../../support/virtualClock.ts';

const SECOND = 1000;
const TEN_MINUTES = 600 * SECOND;

/** Polls against a list of answers, and notes when each poll came. */
function polling(answers: readonly (SsoOidcErrorCode | SsoOidcError | 'token')[], intervalMs?: number) {
  const clock = new VirtualClock();
  const startedAt = clock.now();
  const polls: number[] = [];
  const troubles: (string | undefined)[] = [];
  const cancel = new AbortController();
  const poll = async (): Promise<string> => {
    polls.push((clock.now() - startedAt) / SECOND);
    const answer = answers[Math.min(polls.length, answers.length) - 1] ?? 'token';
    if (answer === 'token') {
      return answer;
    }
    throw typeof answer === 'string' ? serviceError(answer) : answer;
  };
  const result = pollForToken(
    {
      poll,
      connection: 'acme',
      intervalMs,
      expiresAt: startedAt + TEN_MINUTES,
      clock,
      onTrouble: (trouble) => troubles.push(trouble instanceof SsoOidcError ? trouble.code : undefined),
    },
    cancel.signal,
  );
  result.catch(() => undefined);
  return { clock, polls, troubles, cancel, result };
}

/** An answer with this status that is not what it should be. */
function unreadable(code: SsoOidcErrorCode, HTTPStatusCode: number, requestId?: string): SsoOidcError {
  const ResponseMetadata = { HTTPStatusCode, HTTPHeaders: {}, RetryAttempts: 0 };
  const text = { what: 'It failed.', advice: 'Try again.' };
  return new SsoOidcError({ code, ...text, sent: 'maybe', requestId, ResponseMetadata });
}

function serviceError(code: SsoOidcErrorCode, more: { retryAfterMs?: number } = {}): SsoOidcError {
  return new SsoOidcError({ code, what: 'It failed.', advice: 'Try again.', sent: 'maybe', ...more });
}

function signInError(code: string): (error: unknown) => boolean {
  return (error) => error instanceof SignInError && error.code === code && error.message.includes('acme');
}

describe('polling for the token of a device authorization', () => {
  it('waits the interval before the first poll and between polls', async () => {
    const { clock, polls, result } = polling(
      ['AuthorizationPendingException', 'AuthorizationPendingException', 'token'],
      1 * SECOND,
    );
    await clock.advance(10 * SECOND);
    assert.equal(await result, 'token');
    assert.deepEqual(polls, [1, 2, 3]);
  });

  it('waits five seconds where the service names no interval', async () => {
    const { clock, polls, result } = polling(['AuthorizationPendingException', 'token']);
    await clock.advance(10 * SECOND);
    assert.equal(await result, 'token');
    assert.deepEqual(polls, [5, 10]);
  });

  it('slows down by five seconds for good at each slow_down', async () => {
    const { clock, polls, result } = polling(
      [
        'SlowDownException',
        'AuthorizationPendingException',
        'SlowDownException',
        'AuthorizationPendingException',
        'token',
      ],
      1 * SECOND,
    );
    await clock.advance(60 * SECOND);
    assert.equal(await result, 'token');
    assert.deepEqual(polls, [1, 7, 13, 24, 35]);
  });

  it('keeps polling through faults of the network and the service, ever less often', async () => {
    const { clock, polls, troubles, result } = polling(
      ['NetworkReset', 'InternalServerException', 'NotJson', 'AuthorizationPendingException', 'token'],
      1 * SECOND,
    );
    await clock.advance(60 * SECOND);
    assert.equal(await result, 'token');
    assert.deepEqual(polls, [1, 3, 7, 15, 16]);
    assert.deepEqual(troubles, ['NetworkReset', 'InternalServerException', 'NotJson', undefined]);
  });

  it('notices within half a minute that a long outage is over', async () => {
    const { clock, polls, result } = polling(
      [...Array.from({ length: 9 }, () => 'NetworkDns' as const), 'token'],
      SECOND,
    );
    await clock.advance(TEN_MINUTES);
    assert.equal(await result, 'token');
    const gaps = polls.slice(1).map((at, index) => at - (polls[index] ?? 0));
    assert.ok(Math.max(...gaps) <= 30, `the gaps between polls were ${gaps.join(', ')} s`);
  });

  it('waits as long as Retry-After asks', async () => {
    const { clock, polls, result } = polling(
      [serviceError('TooManyRequestsException', { retryAfterMs: 42 * SECOND }), 'token'],
      1 * SECOND,
    );
    await clock.advance(60 * SECOND);
    assert.equal(await result, 'token');
    assert.deepEqual(polls, [1, 43]);
  });

  it('says that the code expired when nobody confirmed it in time', async () => {
    const { clock, polls, result } = polling(['AuthorizationPendingException'], 5 * SECOND);
    await clock.advance(TEN_MINUTES);
    await assert.rejects(result, signInError('codeExpired'));
    assert.equal(polls.length, 119);
  });

  it('says that the network was lost when the code expired unreachable', async () => {
    const { clock, result } = polling(['AuthorizationPendingException', 'NetworkDns'], 5 * SECOND);
    await clock.advance(TEN_MINUTES);
    await assert.rejects(result, signInError('networkLost'));
  });

  it('says that access was denied', async () => {
    const { clock, result } = polling(['AccessDeniedException'], SECOND);
    await clock.advance(SECOND);
    await assert.rejects(result, signInError('accessDenied'));
  });

  it('says that the code expired when the service says so', async () => {
    const { clock, result } = polling(['ExpiredTokenException'], SECOND);
    await clock.advance(SECOND);
    await assert.rejects(result, signInError('codeExpired'));
  });

  for (const answer of [
    unreadable('InvalidResponse', 200, 'request-1'),
    unreadable('TruncatedBody', 200, 'request-1'),
    unreadable('OversizedBody', 200),
    unreadable('EmptyBody', 200, 'request-1'),
  ]) {
    it(`ends with words when the token came in a response that is no good: ${answer.code}`, async () => {
      const { clock, polls, result } = polling([answer, 'token'], SECOND);
      await clock.advance(60 * SECOND);
      await assert.rejects(result, signInError('unreadableAnswer'));
      assert.equal(polls.length, 1);
    });
  }

  for (const answer of [
    unreadable('NotJson', 200),
    unreadable('EmptyBody', 200),
    unreadable('TruncatedBody', 403),
    unreadable('UnexpectedStatus', 403, 'request-1'),
    unreadable('UnexpectedStatus', 404),
  ]) {
    it(`polls on when something in between answered: ${answer.code} with ${answer.status}`, async () => {
      const { clock, polls, result, troubles } = polling([answer, 'token'], SECOND);
      await clock.advance(60 * SECOND);
      assert.equal(await result, 'token');
      assert.deepEqual([polls.length, troubles[0]], [2, answer.code]);
    });
  }

  it('passes any other definitive answer on as it is', async () => {
    const { clock, polls, result } = polling(['InvalidGrantException'], SECOND);
    await clock.advance(60 * SECOND);
    await assert.rejects(result, { code: 'InvalidGrantException' });
    assert.equal(polls.length, 1);
  });

  it('ends at once when cancelled between two polls, and leaves no timer behind', async () => {
    const { clock, cancel, result } = polling(['AuthorizationPendingException'], 5 * SECOND);
    await clock.advance(7 * SECOND);
    cancel.abort(new Error('cancelled by the test'));
    await assert.rejects(result, { message: 'cancelled by the test' });
    assert.equal(clock.pendingTimers, 0);
  });
});
