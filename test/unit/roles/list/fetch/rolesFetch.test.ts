import assert from 'node:assert/strict';

import { RolesFetch } from '../../../../../src/roles/list/fetch/rolesFetch.ts';
import type { RequestFailure } from '../../../../../src/roles/list/fetch/requestFailure.ts';
import { SignInNeeded } from '../../../../../src/roles/list/fetch/rolesSource.ts';
import { EMPTY_LISTING, isComplete } from '../../../../../src/roles/list/listing.ts';
import type { ListedAccount, Listing } from '../../../../../src/roles/list/listing.ts';
import { ListingDraft } from '../../../../../src/roles/list/listingDraft.ts';
import { VirtualClock } from '../../../../support/virtualClock.ts';
import {
  account,
  accounts,
  FakePortal,
  noAccess,
  noAnswer,
  portalError,
  requestRate,
  tooManyRequests,
  unauthorized,
} from '../support.ts';

type PortalOptions = ConstructorParameters<typeof FakePortal>[1];

interface Run {
  readonly clock: VirtualClock;
  readonly portal: FakePortal;
  readonly draft: ListingDraft;
  readonly fetch: RolesFetch;
  readonly abort: AbortController;
  /** When it started, in milliseconds since the epoch: what was listed before is to be listed again. */
  readonly since: number;
  readonly ended: Promise<RequestFailure | undefined>;
  listing(): Listing;
  roles(number: number): ListedAccount | undefined;
}

function start(options: PortalOptions, known: Listing = EMPTY_LISTING, ageMs = 0): Run {
  const clock = new VirtualClock();
  const portal = new FakePortal(clock, options);
  const draft = new ListingDraft(known);
  const since = clock.now() - ageMs;
  const fetch = new RolesFetch({ source: portal, rate: requestRate(clock), clock }, draft, since);
  const abort = new AbortController();
  const ended = fetch.run(abort.signal);
  ended.catch(() => undefined);
  const listing = (): Listing => draft.listing({ since });
  return {
    clock,
    portal,
    draft,
    fetch,
    abort,
    since,
    ended,
    listing,
    roles: (number) => listing().accounts.find(({ accountId }) => accountId === account(number).accountId),
  };
}

async function untilEnd({ clock, ended }: Run): Promise<RequestFailure | undefined> {
  const end = { isOver: false };
  const onEnd = (): void => void (end.isOver = true);
  ended.then(onEnd, onEnd);
  for (let seconds = 0; !end.isOver; seconds += 1) {
    assert.ok(seconds < 3600, 'it goes on for an hour');
    await clock.advance(1000);
  }
  return ended;
}

const notFound = (): Error => portalError(404, 'ResourceNotFoundException');

function idOf(number: number): string {
  return account(number).accountId;
}

describe('listing accounts and roles', () => {
  it('lists all of them with one request for each hundred accounts and one for each account, in the time that ten a second take (aws-sso-util#39)', async () => {
    const run = start({ accounts: accounts(250) });
    const startedAt = run.clock.now();
    assert.equal(await untilEnd(run), undefined);
    assert.equal(run.portal.asked.length, 3 + 250);
    assert.ok(isComplete(run.listing(), run.since));
    assert.equal(run.listing().accounts.length, 250);
    assert.deepEqual(run.roles(249)?.roleNames, ['AdministratorAccess', 'ReadOnlyAccess']);
    const lastAt = run.portal.asked.at(-1)?.at ?? 0;
    assert.ok(lastAt - startedAt <= 252 * 100 * 1.1, `${lastAt - startedAt} ms`);
    assert.deepEqual(
      run.portal.asked.slice(0, 3).map(({ what }) => what),
      ['accounts', 'accounts', 'accounts'],
    );
  });

  it('keeps each list of roles once, however many accounts have it', async () => {
    const run = start({ accounts: accounts(20) });
    await untilEnd(run);
    assert.equal(new Set(run.listing().accounts.map(({ roleNames }) => roleNames)).size, 1);
  });

  it('has at most eight requests in progress, and still lists accounts while roles are slow', async () => {
    const run = start({ accounts: accounts(150), latencyMs: 5000, pageSize: 50 });
    await untilEnd(run);
    assert.equal(run.portal.mostAtATime, 8);
    assert.ok(isComplete(run.listing(), run.since));
  });

  it('asks next for the account the user looks at, also when that changes', async () => {
    const run = start({ accounts: accounts(100) });
    // The first ten go at once.
    await run.clock.advance(1520);
    run.fetch.prefer([idOf(90), idOf(91)]);
    await run.clock.advance(100);
    run.fetch.prefer([idOf(70)]);
    await run.clock.advance(100);
    const asked = run.portal.asked.map(({ what }) => what);
    assert.deepEqual(asked.slice(-2), [idOf(90), idOf(70)]);
    await untilEnd(run);
    assert.equal(run.portal.countOf(idOf(91)), 1);
  });

  it('asks for a known account before the accounts are listed', async () => {
    const known = { accounts: [{ ...account(7), roleNames: [], rolesAt: 0 }], accountsAt: 0 };
    const run = start({ accounts: accounts(300) }, known);
    run.fetch.prefer([idOf(7)]);
    await untilEnd(run);
    assert.equal(run.portal.asked[0]?.what, idOf(7));
    assert.equal(run.portal.countOf(idOf(7)), 1);
  });

  it('has a role of a named account among a thousand in a fifth of a second, or in a second where it is on the last page', async () => {
    for (const [number, withinMs] of [
      [450, 200],
      [999, 1100],
    ] as const) {
      const run = start({ accounts: accounts(1000) });
      const startedAt = run.clock.now();
      run.fetch.prefer([idOf(number)]);
      while ((run.roles(number)?.roleNames.length ?? 0) === 0) {
        await run.clock.advance(10);
      }
      assert.ok(run.clock.now() - startedAt <= withinMs, `${run.clock.now() - startedAt} ms`);
      run.abort.abort();
      await run.ended.catch(() => undefined);
    }
  });

  it('takes the roles of an account page by page (aws-toolkit-jetbrains#4099)', async () => {
    const names = Array.from({ length: 230 }, (_, index) => `Role-${index}`);
    const run = start({ accounts: accounts(2), roles: () => names });
    await untilEnd(run);
    assert.deepEqual(run.roles(0)?.roleNames, names);
    assert.equal(run.portal.countOf(idOf(0)), 3);
  });

  it('does not list again what was listed lately, and forgets accounts that are gone (aws-sso-extender#77)', async () => {
    const now = new VirtualClock().now();
    const listed = { roleNames: ['Old'], rolesAt: now - 60_000 };
    const known: Listing = {
      accounts: [
        { ...account(0), ...listed },
        { ...account(1), ...listed, rolesAt: now - 3_600_000 },
        { ...account(2), ...listed, rolesAt: now - 3_600_000 },
      ],
      accountsAt: now - 3_600_000,
    };
    const run = start({ accounts: [account(0), account(1)] }, known, 600_000);
    await untilEnd(run);
    assert.deepEqual(
      run.portal.asked.map(({ what }) => what),
      ['accounts', idOf(1)],
    );
    assert.deepEqual(run.roles(0)?.roleNames, ['Old']);
    assert.equal(run.roles(2), undefined);
  });

  it('lists again what was listed before the user asked for that, also what was in progress', async () => {
    const run = start({ accounts: accounts(3), latencyMs: 1000 });
    await run.clock.advance(1350);
    assert.equal(run.portal.atATime, 3);
    run.fetch.renewSince(run.clock.now());
    await untilEnd(run);
    assert.equal(run.portal.countOf('accounts'), 2);
    assert.equal(run.portal.countOf(idOf(0)), 2);
    assert.ok(isComplete(run.listing(), run.fetch.since));
  });

  it('ends when the clock is set back meanwhile', async () => {
    const run = start({ accounts: accounts(20) });
    await run.clock.advance(500);
    run.clock.setBack(3_600_000);
    await untilEnd(run);
    assert.equal(run.portal.asked.length, 21);
    assert.ok(isComplete(run.listing(), run.since));
  });

  describe('when a request fails', () => {
    it('names the account that may not be listed, keeps what was known of it, and goes on (aws-cli#7871)', async () => {
      const known: Listing = { accounts: [{ ...account(1), roleNames: ['Old'], rolesAt: 1 }], accountsAt: 1 };
      const run = start(
        { accounts: accounts(5), fail: ({ what }) => (what === idOf(1) ? noAccess() : undefined) },
        known,
      );
      assert.equal(await untilEnd(run), undefined);
      assert.deepEqual(run.roles(1)?.roleNames, ['Old']);
      const { at: _at, ...failure } = run.roles(1)?.failure ?? assert.fail('it has no failure');
      assert.deepEqual(failure, {
        kind: 'forbidden',
        code: 'UnexpectedStatus',
        message: 'No access',
        requestId: 'request-1',
      });
      assert.equal(run.portal.countOf(idOf(1)), 1);
      assert.equal(run.listing().accounts.filter(({ roleNames }) => roleNames.length === 2).length, 4);
    });

    it('forgets the roles of an account that is not there any more', async () => {
      const known: Listing = { accounts: [{ ...account(1), roleNames: ['Old'], rolesAt: 1 }], accountsAt: 1 };
      const run = start(
        { accounts: accounts(2), fail: ({ what }) => (what === idOf(1) ? notFound() : undefined) },
        known,
      );
      await untilEnd(run);
      assert.deepEqual(run.roles(1)?.roleNames, []);
      assert.equal(run.roles(1)?.failure?.kind, 'notFound');
    });

    it('tries what a broken connection has lost again, and names it after four times', async () => {
      let breaks = 2;
      const run = start({
        accounts: accounts(10),
        fail: ({ what }) => {
          if (what === idOf(3)) return noAnswer();
          if (what === idOf(5) && breaks > 0) {
            breaks -= 1;
            return noAnswer();
          }
          return undefined;
        },
      });
      assert.equal(await untilEnd(run), undefined);
      assert.equal(run.portal.countOf(idOf(3)), 4);
      assert.equal(run.roles(3)?.failure?.kind, 'transient');
      assert.equal(run.roles(5)?.failure, undefined);
      assert.deepEqual(run.roles(5)?.roleNames, ['AdministratorAccess', 'ReadOnlyAccess']);
    });

    it('loses no account when the service has too many requests', async () => {
      let count = 0;
      const run = start({
        accounts: accounts(100),
        fail: () => {
          count += 1;
          return count % 20 === 0 ? tooManyRequests() : undefined;
        },
      });
      assert.equal(await untilEnd(run), undefined);
      assert.ok(isComplete(run.listing(), run.since));
      assert.deepEqual(
        run.listing().accounts.filter(({ failure }) => failure !== undefined),
        [],
      );
    });

    it('waits as long as the service asks before the next request', async () => {
      let isFirst = true;
      const run = start({
        accounts: accounts(3),
        fail: ({ what }) => {
          const fails = what === idOf(0) && isFirst;
          isFirst &&= !fails;
          return fails ? tooManyRequests(20_000) : undefined;
        },
      });
      await untilEnd(run);
      const [, , , again] = run.portal.asked;
      const refusedAt = (run.portal.asked.find(({ what }) => what === idOf(0))?.at ?? 0) + 30;
      const after = run.portal.asked.filter(({ at }) => at > refusedAt);
      assert.ok(after.length > 0 && again !== undefined);
      assert.ok(after.every(({ at }) => at >= refusedAt + 20_000));
    });

    it('gives up for now after eight refusals in a row, and keeps what it has', async () => {
      const run = start({
        accounts: accounts(50),
        fail: ({ what }) => (what !== 'accounts' && what > idOf(9) ? tooManyRequests() : undefined),
      });
      const stopped = await untilEnd(run);
      assert.equal(stopped?.kind, 'throttled');
      assert.ok(run.portal.asked.length < 40, `${run.portal.asked.length} requests`);
      assert.equal(run.listing().accounts.filter(({ roleNames }) => roleNames.length > 0).length, 10);
      assert.equal(run.listing().accounts.length, 50);
    });

    it('gives up for now when the network is gone', async () => {
      const run = start({
        accounts: accounts(50),
        fail: ({ what }) => (what === 'accounts' ? undefined : noAnswer()),
      });
      const stopped = await untilEnd(run);
      assert.equal(stopped?.kind, 'transient');
      assert.ok(run.portal.asked.length < 40, `${run.portal.asked.length} requests`);
    });

    it('asks for nothing more once the token is not accepted', async () => {
      const run = start({
        accounts: accounts(50),
        fail: ({ what }) => (what === idOf(4) ? unauthorized() : undefined),
      });
      const stopped = await untilEnd(run);
      assert.equal(stopped?.kind, 'signInNeeded');
      assert.ok(run.portal.asked.length <= 10, `${run.portal.asked.length} requests`);
      assert.equal(run.roles(0)?.roleNames.length, 2);
    });

    it('asks for nothing at all where there is no token', async () => {
      const run = start({ accounts: [], fail: () => new SignInNeeded() });
      assert.equal((await untilEnd(run))?.kind, 'signInNeeded');
    });

    it('says why the accounts cannot be listed', async () => {
      const run = start({ accounts: accounts(5), fail: () => noAccess() });
      assert.deepEqual(await untilEnd(run), {
        kind: 'forbidden',
        code: 'UnexpectedStatus',
        message: 'No access',
        requestId: 'request-1',
      });
    });

    it('does not follow pages that never end', async () => {
      const run = start({ accounts: accounts(2) });
      run.portal.listAccounts = async () => ({ accountList: [account(0)], nextToken: 'again' });
      assert.equal((await untilEnd(run))?.code, 'EndlessPages');
    });

    it('leaves out what is no account and no role, and keeps names to one line', async () => {
      const run = start({ accounts: [], roles: () => ['Good', 'B\u202Ead', '', 'x'.repeat(200)] });
      run.portal.listAccounts = async () => ({
        accountList: [
          { accountId: '12' },
          { accountId: idOf(1), accountName: 'Two\nlines\u202E', emailAddress: undefined },
        ],
      });
      await untilEnd(run);
      assert.deepEqual(
        run.listing().accounts.map(({ accountName, emailAddress, roleNames }) => ({
          accountName,
          emailAddress,
          roleNames,
        })),
        [{ accountName: 'Two lines', emailAddress: '', roleNames: ['Good'] }],
      );
    });

    it('rethrows a programming error', async () => {
      const run = start({
        accounts: accounts(1),
        fail: ({ what }) => (what === idOf(0) ? new TypeError('ours') : undefined),
      });
      await assert.rejects(untilEnd(run), /ours/);
    });
  });

  it('ends at once with the signal, requests and waits included', async () => {
    const run = start({ accounts: accounts(100), latencyMs: 10_000 });
    await run.clock.advance(10_500);
    assert.ok(run.portal.atATime > 0);
    run.abort.abort(new Error('closed'));
    await assert.rejects(run.ended, /closed/);
    assert.equal(run.portal.atATime, 0);
    assert.equal(run.clock.pendingTimers, 0);
  });
});
