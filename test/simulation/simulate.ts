import { SeededRandom } from '../unit/support/sessions.ts';
import { FaultCounts, Machine } from './machine.ts';
import type { FaultKind } from './machine.ts';
import { Server } from './server.ts';
import { SimulatedUser } from './user.ts';
import { ENGINE } from './window.ts';
import type { Engine } from './window.ts';
import { Witness } from './witness.ts';
import type { Unavoidable, Violation } from './witness.ts';
import { World } from './world.ts';

/** What came of one simulated user. */
export interface Report {
  readonly seed: number;
  readonly years: number;
  readonly events: number;
  readonly refreshes: number;
  readonly mostRequestsInAnHour: number;
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly unavoidable: ReadonlyMap<Unavoidable, number>;
  /** Sessions that came to need sign-in, by reason. */
  readonly reasons: ReadonlyMap<string, number>;
  readonly violations: readonly Violation[];
}

/** How many days end in a rest, in which all must agree. */
const REST_SHARE = 0.15;
/** How many users share their home folder between two machines that do not keep each other's locks. */
const TWO_MACHINES_SHARE = 0.3;
const DAYS_A_YEAR = 365;
const DAY_MS = 24 * 3_600_000;

/**
 * Simulates one user for `years`, or until the first violation. The same seed gives the same life, to the
 * last event.
 */
export async function simulate(
  seed: number,
  years: number,
  engine: Engine = ENGINE,
  twoMachinesShare = TWO_MACHINES_SHARE,
): Promise<Report> {
  const world = new World();
  const start = world.now;
  const faults = new FaultCounts();
  const random = new SeededRandom(seed);
  const machine = new Machine(world, random, faults);
  const hasTwo = random.uniform() < twoMachinesShare;
  const machines = hasTwo
    ? ([machine, new Machine(world, random, faults, machine)] as const)
    : ([machine] as const);
  const server = new Server(world);
  const witness = new Witness(world, machines, server);
  const user = new SimulatedUser(machines, server, witness, engine);
  const end = start + years * DAYS_A_YEAR * DAY_MS;
  while (world.now < end && witness.violations.length === 0) {
    await user.day();
    if (random.uniform() < REST_SHARE) {
      await user.rest();
    }
  }
  return {
    seed,
    years: (world.now - start) / DAYS_A_YEAR / DAY_MS,
    events: world.events,
    refreshes: server.refreshes,
    mostRequestsInAnHour: witness.mostRequestsInAnHour,
    faults: faults.counts,
    unavoidable: witness.unavoidable,
    reasons: witness.reasons,
    violations: witness.violations,
  };
}
