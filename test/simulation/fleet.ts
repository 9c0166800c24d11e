import { SeededRandom } from '../unit/support/sessions.ts';
import { FaultCounts, Machine } from './machine.ts';
import type { Spell } from './machine.ts';
import { Process } from './process.ts';
import { Server } from './server.ts';
import { ENGINE, SimulatedWindow } from './window.ts';
import { Witness } from './witness.ts';
import { World } from './world.ts';

/**
 * How a service goes away: it answers with errors, or no connection comes about. Or everybody's own network is gone,
 * as in an office whose line is cut.
 */
export type Outage = 'failing' | 'unreachable' | 'offline';

/** What an outage does to the requests of a fleet. */
export interface FleetReport {
  readonly users: number;
  /** Requests that reach the service, a minute, before the outage, on average. */
  readonly steadyPerMinute: number;
  /** The most in any minute from the outage on. */
  readonly peakPerMinute: number;
  /** The most in any five minutes from the outage on, as an average per minute. */
  readonly peakOfFivePerMinute: number;
  /** Minutes from the end of the outage until 95 of 100 users have a token that works. */
  readonly recoveryMinutes: number;
  /** Sessions that came to need sign-in. */
  readonly ended: number;
  readonly violations: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WINDOWS = 3;
/** How often a user comes back to a window, and how often an extension asks for a token, on average. */
const FOCUS_MS = 20 * MINUTE_MS;
const ASK_MS = 15 * MINUTE_MS;
const RECOVERED_SHARE = 0.95;

interface User {
  readonly machine: Machine;
  readonly witness: Witness;
  readonly server: Server;
  readonly windows: readonly SimulatedWindow[];
}

/** A fleet of users with three windows each, through an hour without the service. */
export async function fleetThroughOutage(seed: number, users: number, outage: Outage): Promise<FleetReport> {
  const world = new World();
  const random = new SeededRandom(seed);
  const requests: number[] = [];
  const fleet = Array.from({ length: users }, () => createUser(world, random, requests));
  // Nobody signs in at the same moment, and the first hours must not count.
  for (const user of fleet) {
    world.after(HOUR_MS * random.uniform(), () => void signIn(user));
  }
  await world.run(world.now + 2 * HOUR_MS);
  const steadyFrom = world.now;
  await world.run(world.now + HOUR_MS);
  const outageFrom = world.now;
  for (const { machine } of fleet) {
    spellOf(machine, outage).begin(HOUR_MS);
  }
  await world.run(world.now + HOUR_MS);
  const recoveryMinutes = await recovery(world, fleet);
  await world.run(outageFrom + 3 * HOUR_MS);

  const steady = requests.filter((at) => at >= steadyFrom && at < outageFrom).length / 60;
  return {
    users,
    steadyPerMinute: steady,
    peakPerMinute: peak(requests, outageFrom, MINUTE_MS),
    peakOfFivePerMinute: peak(requests, outageFrom, 5 * MINUTE_MS) / 5,
    recoveryMinutes,
    ended: fleet.filter(({ witness }) => witness.reasons.size > 0).length,
    violations: fleet.reduce((sum, { witness }) => sum + witness.violations.length, 0),
  };
}

function createUser(world: World, random: SeededRandom, requests: number[]): User {
  const machine = new Machine(world, random, new FaultCounts());
  machine.isCalm = true;
  const server = new Server(world);
  const witness = new Witness(world, [machine], server);
  const { offline, serviceUnreachable } = machine;
  witness.onRequest = () => void (offline.isOn || serviceUnreachable.isOn || requests.push(world.now));
  const expectations = {
    mayGo: () => false,
    mustNotReturn: new Map<string, number>(),
    onEnd: (session: Parameters<Witness['judgeEnd']>[0]) => witness.judgeEnd(session, undefined),
  };
  const windows = Array.from({ length: WINDOWS }, (_, index) => {
    const process = new Process(world, index + 1, random, () => 0);
    const window = new SimulatedWindow(machine, process, server, witness, expectations, ENGINE);
    repeat(world, random, FOCUS_MS * WINDOWS, () => void window.sessions.wake());
    repeat(world, random, ASK_MS * WINDOWS, () => void window.sessions.getSessions({}));
    return window;
  });
  return { machine, witness, server, windows };
}

/** Again and again, at random times that are `everyMs` apart on average. */
function repeat(world: World, random: SeededRandom, everyMs: number, act: () => void): void {
  world.after(2 * everyMs * random.uniform(), () => {
    act();
    repeat(world, random, everyMs, act);
  });
}

async function signIn({ server, windows }: User): Promise<void> {
  const connection = { name: 'acme', startUrl: 'https://acme.awsapps.com/start', region: 'eu-central-1' };
  const issued = server.signIn(0, 90 * 24 * HOUR_MS);
  await windows[0]?.sessions.add({ connection, scopes: [], issued });
}

function spellOf({ offline, serviceDown, serviceUnreachable }: Machine, outage: Outage): Spell {
  return { failing: serviceDown, unreachable: serviceUnreachable, offline }[outage];
}

async function recovery(world: World, fleet: readonly User[]): Promise<number> {
  for (let minutes = 0; ; minutes += 1) {
    const working = fleet.filter(({ windows: [window] }) =>
      window?.sessions.sessions.some(({ state }) => state.kind === 'signedIn' && state.expiresAt > world.now),
    );
    if (working.length >= RECOVERED_SHARE * fleet.length || minutes === 120) {
      return minutes;
    }
    await world.run(world.now + MINUTE_MS);
  }
}

/** The most requests in any span of this length that begins at a whole multiple of it. */
function peak(requests: readonly number[], from: number, spanMs: number): number {
  const counts = new Map<number, number>();
  for (const at of requests.filter((time) => time >= from)) {
    const span = Math.floor((at - from) / spanMs);
    counts.set(span, (counts.get(span) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}
