import type { IssuedTokens } from '../../src/flows/tokens.ts';
import type { Session } from '../../src/sessions/session.ts';
import { pick } from './chance.ts';
import { chooseHabits } from './habits.ts';
import type { Habits } from './habits.ts';
import type { Machine } from './machine.ts';
import { Process } from './process.ts';
import { agree, viewsAtRest } from './rest.ts';
import type { Server } from './server.ts';
import { SessionExpectations } from './sessionExpectations.ts';
import { SignIns } from './signIns.ts';
import { Weather } from './weather.ts';
import { SimulatedWindow } from './window.ts';
import type { Engine } from './window.ts';
import type { Witness } from './witness.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const TICK_MS = 5 * MINUTE_MS;
/** How many sign-ins cannot be refreshed. */
const FIXED_SHARE = 0.2;
/** Long enough for whatever was in the way to be over, and for everybody to notice. */
const CALM_MS = 25 * MINUTE_MS;

/** A user at a machine, or at two with one home folder: opens, closes and uses windows, signs in and out. */
export class SimulatedUser {
  readonly #machines: readonly [Machine, ...Machine[]];
  /** The first of them: what all share is asked of it. */
  readonly #machine: Machine;
  readonly #server: Server;
  readonly #witness: Witness;
  readonly #engine: Engine;
  readonly #habits: Habits;
  readonly #weather: Weather;
  readonly #expectations: SessionExpectations;
  readonly #signIns: SignIns;
  readonly #windows = new Set<SimulatedWindow>();
  #pid = 0;

  constructor(machines: readonly [Machine, ...Machine[]], server: Server, witness: Witness, engine: Engine) {
    const [machine] = machines;
    this.#machines = machines;
    this.#machine = machine;
    this.#server = server;
    this.#witness = witness;
    this.#engine = engine;
    const { random } = machine;
    this.#habits = chooseHabits(random);
    this.#weather = new Weather(machines, this.#windows);
    this.#expectations = new SessionExpectations(machine, server, witness, this.#windows);
    this.#signIns = new SignIns({
      witness,
      random,
      windowsBeside: (window) => [...this.#windows].filter((other) => other.machine === window.machine),
      issue: (window) => this.#grant(window.machine),
      keep: (...kept) => this.#expectations.keep(...kept),
      undo: (...undone) => this.#expectations.undo(...undone),
    });
    const isBrowser = random.uniform() < 0.3;
    for (const each of machines) {
      each.isBrowser = isBrowser;
      each.onIndex = (text) => this.#expectations.onSaved(text);
    }
    this.#weather.setClocks(0);
  }

  /** Lives for one day. */
  async day(): Promise<void> {
    const { world, random } = this.#machine;
    const morning = world.now;
    const evening = morning + 9 * HOUR_MS;
    while (world.now < evening) {
      this.#useWindows();
      this.#useSessions();
      this.#weather.befall(() => this.#expectations.families);
      await world.run(world.now + TICK_MS * (0.5 + random.uniform()));
    }
    const weekday = new Date(world.now).getUTCDay();
    const tomorrow = morning + (weekday === 5 ? 3 : 1) * DAY_MS;
    if (random.uniform() < this.#habits.sleepShare) {
      for (const machine of this.#machines) {
        this.#weather.sleep(machine, tomorrow - world.now);
      }
    } else {
      for (const window of this.#windows) {
        void window.close();
      }
    }
    await world.run(tomorrow);
  }

  #chance(probability: number): boolean {
    return this.#machine.random.uniform() < probability;
  }

  #pick<T>(items: Iterable<T>): T | undefined {
    return pick(this.#machine.random, items);
  }

  #useWindows(): void {
    const { readOnly } = this.#machine;
    const count = this.#windows.size;
    // Where nothing can be locked, each window is on its own: that is for one window to bear.
    const mayOpen = count < this.#habits.mostWindows && !(readOnly.isOn && count > 0);
    if (mayOpen && this.#chance(count === 0 ? 0.7 : 0.04)) {
      this.#open();
    }
    const window = this.#pick(this.#windows);
    if (window === undefined || window.process.isFrozen) {
      return;
    }
    if (window.needsReload) {
      this.#reload(window);
    } else if (this.#chance(0.01)) {
      void window.close();
    } else if (this.#chance(0.25)) {
      void window.sessions.wake();
    } else if (this.#chance(0.4)) {
      window.ask();
    }
  }

  #reload(window: SimulatedWindow): void {
    void window.close();
    this.#open(window.machine);
  }

  #open(machine = this.#pick(this.#machines) ?? this.#machine): void {
    const process = new Process(machine.world, ++this.#pid, machine.random, () => machine.skewMs);
    const window = new SimulatedWindow(
      machine,
      process,
      this.#server,
      this.#witness,
      this.#expectations,
      this.#engine,
    );
    this.#windows.add(window);
    process.onDeath.push(() => {
      this.#windows.delete(window);
      this.#expectations.onWindowDied(window);
    });
  }

  #useSessions(): void {
    const window = this.#pick(this.#windows);
    if (window === undefined || window.process.isFrozen) {
      return;
    }
    const { sessions } = window.sessions;
    const session = this.#pick(sessions);
    const connection = this.#pick(this.#habits.connections);
    const isMissing = !sessions.some(
      (known) => known.connection.name === connection?.name && known.state.kind === 'signedIn',
    );
    if (connection !== undefined && isMissing && this.#chance(0.3)) {
      const again = sessions.find((known) => known.connection.name === connection.name);
      this.#signIns.begin(window, { connection, again });
    } else if (session !== undefined) {
      this.#changeMind(window, session);
    }
  }

  #changeMind(window: SimulatedWindow, session: Session): void {
    const isDouble = window.sessions.sessions.some(
      ({ id, connection }) => connection.name === session.connection.name && id !== session.id,
    );
    if (isDouble && this.#chance(0.2)) {
      void this.#expectations.signOut(window, session);
      return;
    }
    const mood = this.#machine.random.uniform();
    if (mood < 0.003) {
      this.#signIns.begin(window, { connection: session.connection, again: session });
    } else if (mood < 0.005) {
      void this.#expectations.signOut(window, session);
    } else if (mood < 0.01) {
      this.#race(window.machine, session);
    }
  }

  #grant({ random, skewMs, setSkewMs }: Machine): IssuedTokens {
    if (random.uniform() < FIXED_SHARE) {
      return this.#server.signInFixed(skewMs, setSkewMs);
    }
    const clientDays = random.uniform() < 0.1 ? 1 + 20 * random.uniform() : 90;
    return this.#server.signIn(skewMs, clientDays * DAY_MS);
  }

  /** A refresh of the session, and within its time a sign-in, a sign-out, or both, in whichever windows. */
  #race(machine: Machine, session: Session): void {
    const kind = this.#machine.random.uniform();
    this.#soon(machine, ({ sessions }) => sessions.refreshNow(session.id));
    if (kind < 0.4) {
      this.#soon(machine, (window) => this.#expectations.signOut(window, session));
    } else if (kind < 0.8) {
      this.#soon(machine, (window) => this.#signIns.atOnce(window, session));
    } else {
      this.#expectations.eitherMayBeLast(session.id);
      this.#soon(machine, ({ sessions }) => sessions.signOut(session.id));
      this.#soon(machine, (window) =>
        this.#signIns.atOnce(window, session, (...kept) => this.#expectations.keepBesideSignOut(...kept)),
      );
    }
  }

  /** In one of the windows that have the sessions of this machine. */
  #soon(machine: Machine, act: (window: SimulatedWindow) => unknown): void {
    const { world, random } = this.#machine;
    const window = this.#pick(
      [...this.#windows].filter((candidate) => machine.isBrowser || candidate.machine === machine),
    );
    world.after(SECOND_MS * random.uniform(), () => {
      if (window?.process.isAlive === true && !window.process.isFrozen) {
        void act(window);
      }
    });
  }

  /** Lets everything come to rest, then holds the windows to what they must agree on. */
  async rest(): Promise<void> {
    const { world } = this.#machine;
    this.#weather.calm();
    await world.run(world.now + CALM_MS / 2);
    for (const window of [...this.#windows].filter(({ needsReload }) => needsReload)) {
      this.#reload(window);
    }
    await world.run(world.now + CALM_MS / 2);
    const windows = [...this.#windows].filter(({ process }) => !process.isFrozen);
    for (const { sessions } of windows) {
      void sessions.wake();
    }
    await world.run(world.now + CALM_MS);
    // On desktops every machine has a keychain, and so sessions, of its own.
    const groups = this.#machine.isBrowser ? [this.#machines] : this.#machines.map((machine) => [machine]);
    for (const group of groups) {
      await this.#judgeRest(
        windows.filter(({ machine }) => group.includes(machine)),
        group,
      );
    }
    this.#witness.judgeGrants();
    this.#weather.resume();
  }

  async #judgeRest(windows: readonly SimulatedWindow[], machines: readonly Machine[]): Promise<void> {
    const views = await viewsAtRest(this.#machine, windows);
    if (!agree(views)) {
      this.#witness.accuse('the windows do not agree');
    }
    this.#expectations.judge(views, machines);
    const [window] = windows;
    if (window !== undefined) {
      for (const connection of this.#habits.connections) {
        this.#signIns.judgeDoubles(window, connection);
      }
    }
  }
}
