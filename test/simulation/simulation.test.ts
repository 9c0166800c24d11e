import assert from 'node:assert/strict';

import { fleetThroughOutage } from './fleet.ts';
import { mutant } from './mutants.ts';
import type { Mutation } from './mutants.ts';
import { simulate } from './simulate.ts';
import { Summary } from './summary.ts';

const SEEDS = 32;
const YEARS = 0.25;
const TWO_MACHINES_SEEDS = 12;

const FLEET = 300;
/** The peak against the usual rate. In so small a fleet chance alone adds a good part: `npm run simulate` has a large one. */
const MAX_TIMES = { failing: 3.5, unreachable: 3, offline: 5.5 };

interface Broken {
  readonly mutations: readonly Mutation[];
  readonly seen: RegExp;
  /** The first seed; 1 when absent. One that is noticed seldom begins where it soon is. */
  readonly from?: number;
  /** How many users share their home folder between two machines; nobody when absent. */
  readonly twoMachinesShare?: number;
}

/** Engines with one promise broken, and what the simulation must see of it. */
const BROKEN: Readonly<Record<string, Broken>> = {
  'takes no lock': {
    mutations: [
      {
        file: 'refresh/refreshLocks.ts',
        from: 'this.#kept.get(id) ?? (await this.#acquire(id))',
        to: '{ dispose: () => void this.#acquire } as Disposable | "busy" | undefined',
      },
    ],
    seen: /sent by two windows at once|successor is known/,
  },
  'does not read again under the lock': {
    mutations: [
      {
        file: 'refresh/intents.ts',
        from: 'const session = sessions.find(({ id }) => id === seen.id);',
        to: 'const session = seen as Session | undefined;',
      },
      {
        file: 'refresh/refresher.ts',
        from: 'await tokens.readRecord(seen.id)',
        to: 'await tokens.read(seen)',
      },
      {
        file: 'refresh/refresher.ts',
        from: 'const current = findSession(sessions, session);\n      if (current?.state.kind',
        to: 'const current = session;\n      if (current.state.kind',
      },
    ],
    seen: /successor is known|came back after its sign-out|shows a token that is over/,
  },
  'takes any failure for the end': {
    mutations: [
      {
        file: 'refresh/failures.ts',
        from: '&& error.endsSession',
        to: '',
      },
    ],
    seen: /ended by accident/,
  },
  'commits a refresh without looking at the version': {
    mutations: [
      {
        file: 'refresh/refresher.ts',
        from: "const current = findSession(sessions, session);\n      if (current?.state.kind !== 'signedIn') {\n        const isGone",
        to: "const current = session;\n      if (current.state.kind !== 'signedIn') {\n        const isGone",
      },
    ],
    seen: /came back after its sign-out|do not agree|is over, though|is there that was signed out|missing/,
  },
  'takes an empty answer of the keychain for the truth': {
    mutations: [
      { file: 'refresh/windowStates.ts', from: 'MIN_TIMES_MISSED = 5', to: 'MIN_TIMES_MISSED = 1' },
      { file: 'refresh/windowStates.ts', from: '10 * 60_000', to: '0' },
      {
        file: 'refresh/scheduler.ts',
        from: 'isCertainlyOver && this.#windowStates',
        to: 'this.#windowStates',
      },
    ],
    seen: /missing although its token is known/,
  },
  'believes a clock that has just jumped': {
    mutations: [{ file: 'refresh/clockWatch.ts', from: 'SETTLED_MS = 3 * 60_000', to: 'SETTLED_MS = 0' }],
    seen: /ended by accident: its token is still good/,
  },
  'takes whatever a front door answers for the service’s word': {
    mutations: [
      { file: 'refresh/failures.ts', from: '&& error.endsSession', to: '&& (error.status ?? 500) < 429' },
    ],
    seen: /ended by accident/,
  },
  'waits for the disk for as long as it hangs': {
    mutations: [
      {
        file: 'liveSessions.ts',
        from: 'await untilAborted(signal, store.reloadAndFindTokens()).catch(() => undefined);',
        to: 'await store.reloadAndFindTokens();',
      },
    ],
    seen: /a silent call waited/,
  },
  'takes what a newer version wrote for damage': {
    mutations: [
      {
        file: 'store/indexFormat.ts',
        from: 'const other = session.success ? undefined : readUnknownSession(entry);',
        to: 'const other = undefined as ReturnType<typeof readUnknownSession>;',
      },
    ],
    seen: /what a newer version wrote was lost/,
  },
  'drops what a newer version says of a session': {
    mutations: [
      {
        file: 'store/newerIndex.ts',
        from: 'withUnknownMembers(session, unknownDetails.get(session.id))',
        to: 'session',
      },
    ],
    seen: /what a newer version wrote was lost/,
  },
  'takes a damaged file for an empty one': {
    mutations: [{ file: 'store/lostSessions.ts', from: 'this.#pending.restore(', to: 'void (' }],
    seen: /disappeared by accident|is missing that nobody/,
  },
  'sends a token on trust where no lock keeps another machine out': {
    twoMachinesShare: 1,
    mutations: [
      { file: 'refresh/refresher.ts', from: 'store.isShared && intent !== undefined', to: 'false' },
      { file: 'refresh/intents.ts', from: 'isElsewhere(intent, holder)', to: 'isElsewhere(holder, holder)' },
      { file: 'refresh/plan.ts', from: '? secondary(policy) : policy', to: '? policy : policy' },
    ],
    seen: /sent by two windows at once|successor is known/,
  },
  'takes for saved what another machine may write over': {
    twoMachinesShare: 1,
    mutations: [
      { file: 'store/pending/pendingChanges.ts', from: 'if (isLost(id, change, stored))', to: 'if (false)' },
    ],
    seen: /came back after its sign-out|disappeared by accident|is missing that nobody|is there that was signed out/,
  },
  'ends what another machine keeps in a keychain of its own': {
    twoMachinesShare: 1,
    mutations: [
      { file: 'store/localSessions.ts', from: 'return keptBy !== undefined &&', to: 'return false &&' },
    ],
    seen: /missing although its token is known/,
  },
  'takes what two askers brought for two accounts': {
    from: 50,
    twoMachinesShare: 0,
    mutations: [
      {
        file: 'signIn/accounts.ts',
        from: 'seen !== undefined && isSignedInSince(session, seen)',
        to: 'seen === undefined',
      },
    ],
    seen: /two accounts for one Identity Center/,
  },
  'keeps the second of two sign-ins in place of the first': {
    twoMachinesShare: 0,
    mutations: [
      { file: 'signIn/signInKeeper.ts', from: 'isSignedInSince(renews, seen) &&', to: 'seen.length < 0 &&' },
    ],
    seen: /brought was thrown away/,
  },
  'lets a window wait for what another one has brought': {
    twoMachinesShare: 0,
    mutations: [
      { file: 'signIn/signInElsewhere.ts', from: 'theirs ??= found;', to: 'theirs ??= undefined && found;' },
    ],
    seen: /was not handed out to the other/,
  },
};

describe('the simulated fleet', function () {
  this.timeout(400_000);

  it(`keeps every promise: ${SEEDS} users, ${YEARS} years each`, async () => {
    const summary = new Summary();
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      summary.add(await simulate(seed, YEARS));
    }
    console.log(summary.table());
    assert.deepEqual(summary.violations, [], summary.table());
    assert.ok(summary.refreshes > 10_000, 'hardly anything was refreshed');
    assert.ok(summary.faultKinds >= 21, 'some kind of fault never struck');
  });

  it(`keeps them on two machines that share a home folder and no lock: ${TWO_MACHINES_SEEDS} users`, async () => {
    const summary = new Summary();
    for (let seed = 1; seed <= TWO_MACHINES_SEEDS; seed += 1) {
      summary.add(await simulate(seed, YEARS, undefined, 1));
    }
    assert.deepEqual(summary.violations, [], summary.table());
    assert.ok(summary.refreshes > 5000, 'hardly anything was refreshed');
  });

  // A sign-in in one window, after a sign-out in another that neither the disk nor the keychain had taken.
  it('keeps the tokens of a later sign-in: seed 38', async () => {
    const { violations } = await simulate(38, YEARS, undefined, 0);
    assert.deepEqual(violations, []);
  });

  it('gives the same life for the same seed', async () => {
    assert.deepEqual(await simulate(7, 0.05), await simulate(7, 0.05));
  });

  for (const outage of ['failing', 'unreachable', 'offline'] as const) {
    it(`does not stampede after an hour with the service ${outage} (aws-toolkit-vscode#8294)`, async () => {
      const report = await fleetThroughOutage(1, FLEET, outage);
      const { steadyPerMinute, peakOfFivePerMinute, recoveryMinutes, ended, violations } = report;
      console.log(report);
      const times = peakOfFivePerMinute / steadyPerMinute;
      assert.ok(times <= MAX_TIMES[outage], `${times.toFixed(2)} times the usual rate`);
      assert.ok(recoveryMinutes <= 45, `${recoveryMinutes} minutes to recover`);
      assert.deepEqual({ ended, violations }, { ended: 0, violations: 0 });
    });
  }

  it('refuses a mutation that finds nothing to change: what it shows would be the engine as it is', async () => {
    const { mutations } = BROKEN['takes no lock'] ?? assert.fail('there is no such engine');
    const missing: Mutation = { file: 'refresh/refresher.ts', from: 'a text that is not there', to: '' };
    await assert.rejects(
      mutant('finds-nothing', [...mutations, missing]),
      /finds nothing to change in refresh\/refresher\.ts/,
    );
    const elsewhere: Mutation = { file: 'noSuchFile.ts', from: 'import', to: '' };
    await assert.rejects(mutant('no-such-file', [elsewhere]), /finds nothing to change in noSuchFile\.ts/);
  });

  for (const [name, { mutations, seen, from = 1, twoMachinesShare = 0 }] of Object.entries(BROKEN)) {
    it(`catches an engine that ${name}`, async () => {
      const engine = await mutant(name.replaceAll(/\W/g, '-'), mutations);
      const found: string[] = [];
      for (let seed = from; seed < from + SEEDS && found.length === 0; seed += 1) {
        const report = await simulate(seed, YEARS, engine, twoMachinesShare);
        found.push(...report.violations.map(({ what }) => what));
      }
      assert.match(found.join('; '), seen, `what ${SEEDS} users noticed: ${found.join('; ')}`);
    });
  }
});
