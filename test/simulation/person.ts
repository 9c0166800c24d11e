import { isDeepStrictEqual } from 'node:util';

import type { Connection } from '../../src/connections/connection.ts';
import type { IssuedTokens } from '../../src/flows/tokens.ts';
import type { LiveSession, Session } from '../../src/sessions/session.ts';
import { isSignedOut, parseIndex } from '../../src/sessions/store/indexFormat.ts';
import type { GrantedSignIn } from '../../src/sessions/signIn/signInKeeper.ts';
import type { FaultKind, Machine, Spell } from './machine.ts';
import { damageIndex, indexText } from './ports.ts';
import { Process } from './process.ts';
import type { Family, Server } from './server.ts';
import { SignIns } from './signIns.ts';
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

/** How far the clocks of two machines are apart: half of it, either way. */
const MAX_SKEW_MS = 20 * SECOND_MS;

const CONNECTIONS: readonly Connection[] = ['acme', 'beta'].map((name) => ({
  name,
  startUrl: `https://${name}.awsapps.com/start`,
  region: 'eu-central-1',
}));

/** What makes one person's habits differ from another's. */
interface Habits {
  readonly mostWindows: number;
  readonly connections: readonly Connection[];
  /** How often the machine is put to sleep at night, rather than its windows closed. */
  readonly sleepShare: number;
}

/** A person at a machine: opens, closes and uses windows, signs in and out; and everything that befalls them. */
export class Person {
  /** One, or two with one home folder. */
  readonly #machines: readonly Machine[];
  /** The first of them: what all share is asked of it. */
  readonly #machine: Machine;
  readonly #server: Server;
  readonly #witness: Witness;
  readonly #engine: Engine;
  readonly #habits: Habits;
  readonly #signIns: SignIns;
  readonly #windows = new Set<SimulatedWindow>();
  /** Sign-ins that somebody ends, or has ended: up to which, by session. */
  readonly #mayGo = new Map<string, number>();
  readonly #lastSignIn = new Map<string, number>();
  /** Signed out at that time of the machine's, though perhaps nowhere but in one window's memory yet. */
  readonly #signedOut = new Map<string, number>();
  /** Signed out, and no longer in the file since then, in true time. */
  readonly #mustNotReturn = new Map<string, number>();
  /** Sessions that must be there when all is calm, with what the server knows of them. */
  readonly #expected = new Map<string, Family>();
  /** What each session was signed in to, and when by the machine's clock. */
  readonly #families = new Map<string, { readonly family: Family; readonly signedInAt: number }>();
  /** The machine each was signed in on. */
  readonly #signedInOn = new Map<string, Machine>();
  #pid = 0;

  constructor(machines: readonly Machine[], server: Server, witness: Witness, engine: Engine) {
    const [machine] = machines;
    if (machine === undefined) {
      throw new Error('A person needs a machine.');
    }
    this.#machines = machines;
    this.#machine = machine;
    this.#server = server;
    this.#witness = witness;
    this.#engine = engine;
    const { random } = machine;
    this.#habits = {
      mostWindows: 1 + Math.floor(4 * random.uniform()),
      connections: CONNECTIONS.slice(0, random.uniform() < 0.7 ? 1 : 2),
      sleepShare: random.uniform(),
    };
    this.#signIns = new SignIns({
      witness,
      random,
      windowsBeside: (window) => [...this.#windows].filter((other) => other.machine === window.machine),
      issue: (window) => this.#grant(window.machine),
      keep: (...kept) => this.#keep(...kept),
    });
    const isBrowser = random.uniform() < 0.3;
    for (const each of machines) {
      each.isBrowser = isBrowser;
      each.onIndex = (text) => this.#noticeSaved(text);
    }
    this.#setClocks(0);
  }

  /** Machines that share a home folder share a time server too: each is off a little from what all take for the time. */
  #setClocks(skewMs: number): void {
    const [first, ...others] = this.#machines;
    for (const machine of others) {
      machine.setSkewMs = skewMs + MAX_SKEW_MS * (machine.random.uniform() - 0.5);
    }
    if (first !== undefined) {
      first.setSkewMs = skewMs;
    }
  }

  /** Lives for one day. */
  async day(): Promise<void> {
    const { world, random } = this.#machine;
    const morning = world.now;
    const evening = morning + 9 * HOUR_MS;
    while (world.now < evening) {
      this.#tick();
      await world.run(world.now + TICK_MS * (0.5 + random.uniform()));
    }
    const weekday = new Date(world.now).getUTCDay();
    const tomorrow = morning + (weekday === 5 ? 3 : 1) * DAY_MS;
    if (random.uniform() < this.#habits.sleepShare) {
      for (const machine of this.#machines) {
        this.#sleep(machine, tomorrow - world.now);
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
    const all = [...items];
    return all[Math.floor(this.#machine.random.uniform() * all.length)];
  }

  #tick(): void {
    this.#useWindows();
    this.#useSessions();
    this.#befall();
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
    const { world, random } = machine;
    const process = new Process(world, ++this.#pid, random, () => machine.skewMs);
    const expectations = {
      mayGo: (session: Session) => this.#isDismissed(session),
      mustNotReturn: this.#mustNotReturn,
      onEnd: (session: Session) => this.#onEnd(session),
    };
    const window = new SimulatedWindow(
      machine,
      process,
      this.#server,
      this.#witness,
      expectations,
      this.#engine,
    );
    this.#windows.add(window);
    process.onDeath.push(() => {
      this.#windows.delete(window);
      this.#mourn();
    });
  }

  #noticeSaved(text: string): void {
    if (this.#signedOut.size === 0) {
      return;
    }
    const { sessions, signedOut } = parseIndex(text);
    const saved = new Set(sessions.map(({ id }) => id));
    for (const [id, at] of this.#signedOut) {
      if (!saved.has(id) && isSignedOut(id, at, signedOut)) {
        this.#signedOut.delete(id);
        this.#mustNotReturn.set(id, this.#machine.world.now);
      }
    }
  }

  #onEnd(session: Session): void {
    if (!this.#isDismissed(session)) {
      // A window may die before anybody hears of the sign-in that it has kept.
      const known = this.#families.get(session.id);
      const isKnown = known?.signedInAt === session.signedInAt;
      this.#witness.judgeEnd(session, isKnown ? known.family : undefined);
    }
    this.#expected.delete(session.id);
  }

  /** What only the dead window knew is lost with it. */
  #mourn(): void {
    const text = indexText(this.#machine);
    const inFile = text === undefined ? [] : parseIndex(text).sessions;
    const inWindows = [...this.#windows].flatMap(({ sessions }) => sessions.sessions);
    for (const id of this.#expected.keys()) {
      const signedInAt = this.#lastSignIn.get(id) ?? 0;
      const isKnown = [...inFile, ...inWindows].some(
        (session) => session.id === id && session.signedInAt >= signedInAt,
      );
      if (!isKnown) {
        this.#expected.delete(id);
        this.#dismiss(id, Infinity);
        this.#witness.excuse('unsaved change lost with its window');
      }
    }
    const saved = new Set(inFile.map(({ id }) => id));
    for (const id of this.#signedOut.keys()) {
      if (saved.has(id)) {
        this.#signedOut.delete(id);
        this.#witness.excuse('unsaved change lost with its window');
      }
    }
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
      void this.#signOut(window, session);
      return;
    }
    const mood = this.#machine.random.uniform();
    if (mood < 0.003) {
      this.#signIns.begin(window, { connection: session.connection, again: session });
    } else if (mood < 0.005) {
      void this.#signOut(window, session);
    } else if (mood < 0.01) {
      this.#race(window.machine, session);
    }
  }

  /** Keeps what was granted in a window, and knows what is to be expected of it. */
  async #keep(window: SimulatedWindow, granted: GrantedSignIn): Promise<LiveSession> {
    const known = window.sessions.sessions.filter(
      ({ connection }) => connection.name === granted.connection.name,
    );
    const before = known.map(({ id }) => ({
      id,
      signedOut: this.#signedOut.get(id),
      mustNotReturn: this.#mustNotReturn.get(id),
      // Should the window die on the way, nobody knows which of the two sign-ins stays.
      family: this.#expected.get(id),
    }));
    for (const { id } of before) {
      this.#comesBack(id);
      this.#expected.delete(id);
    }
    const live = await window.sessions.add(granted);
    const { session, tokens } = live;
    const isOurs = tokens.accessToken === granted.issued.accessToken;
    for (const { id, signedOut, mustNotReturn, family } of before) {
      if (id !== session.id || !isOurs) {
        restore(this.#signedOut, id, signedOut);
        restore(this.#mustNotReturn, id, mustNotReturn);
        const shown = window.sessions.sessions.find((other) => other.id === id);
        restore(this.#expected, id, shown?.state.kind === 'signedIn' ? family : undefined);
      }
    }
    if (isOurs) {
      this.#comesBack(session.id);
      const family = this.#server.familyOfSignIn(granted.issued);
      this.#expected.set(session.id, family);
      this.#families.set(session.id, { family, signedInAt: session.signedInAt });
      this.#signedInOn.set(session.id, window.machine);
      this.#lastSignIn.set(session.id, session.signedInAt);
    }
    return live;
  }

  /** As {@link #keep}, where a sign-out may come at the same time, and either may be the last. */
  async #keepUnheeded(window: SimulatedWindow, granted: GrantedSignIn): Promise<LiveSession> {
    const live = await window.sessions.add(granted);
    const { session, tokens } = live;
    if (tokens.accessToken === granted.issued.accessToken) {
      const family = this.#server.familyOfSignIn(granted.issued);
      this.#families.set(session.id, { family, signedInAt: session.signedInAt });
    }
    return live;
  }

  #grant({ random, skewMs, setSkewMs }: Machine): IssuedTokens {
    if (random.uniform() < FIXED_SHARE) {
      return this.#server.signInFixed(skewMs, setSkewMs);
    }
    const clientDays = random.uniform() < 0.1 ? 1 + 20 * random.uniform() : 90;
    return this.#server.signIn(skewMs, clientDays * DAY_MS);
  }

  #dismiss(id: string, signedInAt: number): void {
    this.#mayGo.set(id, Math.max(this.#mayGo.get(id) ?? 0, signedInAt));
  }

  #isDismissed({ id, signedInAt }: Session): boolean {
    return signedInAt <= (this.#mayGo.get(id) ?? 0);
  }

  #comesBack(id: string): void {
    this.#signedOut.delete(id);
    this.#mustNotReturn.delete(id);
  }

  async #signOut(window: SimulatedWindow, { id, signedInAt }: Session): Promise<void> {
    if (!window.sessions.sessions.some((shown) => shown.id === id)) {
      return;
    }
    this.#dismiss(id, Math.max(signedInAt, this.#lastSignIn.get(id) ?? 0));
    this.#expected.delete(id);
    const at = window.process.clock.now();
    await window.sessions.signOut(id);
    this.#signedOut.set(id, at);
    this.#noticeSaved(indexText(this.#machine) ?? '');
    const live = await window.sessions.getSessions({});
    if (live.some(({ session }) => session.id === id && this.#isDismissed(session))) {
      this.#witness.accuse('a session was handed out after its sign-out');
    }
  }

  /** A refresh of the session, and within its time a sign-in, a sign-out, or both, in whichever windows. */
  #race(machine: Machine, session: Session): void {
    const kind = this.#machine.random.uniform();
    this.#soon(machine, ({ sessions }) => sessions.refreshNow(session.id));
    if (kind < 0.4) {
      this.#soon(machine, (window) => this.#signOut(window, session));
    } else if (kind < 0.8) {
      this.#soon(machine, (window) => this.#signIns.atOnce(window, session));
    } else {
      // Either may be the last: all that counts is that the windows agree.
      this.#dismiss(session.id, Infinity);
      this.#expected.delete(session.id);
      this.#soon(machine, ({ sessions }) => sessions.signOut(session.id));
      this.#soon(machine, (window) =>
        this.#signIns.atOnce(window, session, (...kept) => this.#keepUnheeded(...kept)),
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

  #befall(): void {
    const window = this.#pick(this.#windows);
    const machine = window?.machine ?? this.#machine;
    if (window !== undefined && this.#strikes('window crashed', 0.004)) {
      window.process.kill();
    } else if (window !== undefined && this.#strikes('window suspended', 0.004)) {
      window.process.freeze(8 * MINUTE_MS * machine.random.uniform());
    }
    if (this.#strikes('machine asleep', 0.004)) {
      this.#sleep(machine, HOUR_MS * machine.random.uniform());
    }
    if (this.#strikes('clock set', 0.0005)) {
      this.#setClocks(6 * HOUR_MS * (machine.random.uniform() - 0.5));
    }
    if (this.#strikes('clock ahead for a minute', 0.003)) {
      machine.aheadMs = 12 * HOUR_MS * machine.random.uniform();
      machine.clockAhead.begin(MINUTE_MS);
    }
    if (this.#windows.size > 0 && this.#strikes('index damaged', 0.0005)) {
      damageIndex(machine);
    }
    if (this.#windows.size === 1) {
      this.#cast('folder read-only', 0.0005, machine.readOnly, HOUR_MS);
    }
    this.#cast('disk full', 0.001, machine.diskFull, 90 * MINUTE_MS);
    if (machine.diskFull.isOn) {
      // Keychains are files, too.
      this.#cast('keychain throws', 0.05, machine.keychainThrows, machine.diskFull.leftMs);
    }
    this.#cast('disk unreadable', 0.001, machine.diskUnreadable, 10 * MINUTE_MS);
    this.#cast('disk hangs', 0.001, machine.diskHangs, 10 * MINUTE_MS);
    this.#cast('keychain throws', 0.001, machine.keychainThrows, 2 * HOUR_MS);
    this.#cast('keychain hangs', 0.001, machine.keychainHangs, 5 * MINUTE_MS);
    this.#cast('keychain empty for a moment', 0.005, machine.keychainEmpty, 4 * MINUTE_MS);
    this.#cast('network lost', 0.004, machine.offline, HOUR_MS);
    if (this.#strikes('network changed', 0.004)) {
      machine.network = `network ${machine.faults.counts.get('network changed')}`;
    }
    this.#cast('service cannot be reached', 0.0005, machine.serviceUnreachable, 3 * HOUR_MS);
    this.#cast('front door shut for long', 0.0005, machine.frontDoor, 3 * HOUR_MS);
    this.#cast('service down for long', 0.0005, machine.serviceDown, 3 * HOUR_MS);
    const revoked = this.#pick(this.#expected.values());
    if (revoked !== undefined && this.#strikes('session revoked', 0.0003)) {
      revoked.ended ??= 'administrator';
    }
  }

  #strikes(kind: FaultKind, probability: number): boolean {
    const strikes = this.#machine.strikes(probability);
    if (strikes) {
      this.#machine.faults.add(kind);
    }
    return strikes;
  }

  #cast(kind: FaultKind, probability: number, spell: Spell, upToMs: number): void {
    if (this.#strikes(kind, probability)) {
      spell.begin(upToMs * this.#machine.random.uniform());
    }
  }

  #sleep(machine: Machine, ms: number): void {
    for (const { process } of [...this.#windows].filter((window) => window.machine === machine)) {
      process.freeze(ms);
    }
  }

  /** Lets everything come to rest, then holds the windows to what they must agree on. */
  async rest(): Promise<void> {
    const { world } = this.#machine;
    for (const machine of this.#machines) {
      machine.isCalm = true;
      for (const spell of machine.spells) {
        spell.begin(0);
      }
    }
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
      await this.#restOf(
        windows.filter(({ machine }) => group.includes(machine)),
        group,
      );
    }
    this.#witness.judgeGrants();
    for (const machine of this.#machines) {
      machine.isCalm = false;
    }
  }

  async #restOf(windows: readonly SimulatedWindow[], machines: readonly Machine[]): Promise<void> {
    // A refresh just now may fall between two looks; one of several in a row shows them all at rest.
    let views = await this.#views(windows);
    for (let looks = 1; looks < 3 && !agree(views); looks += 1) {
      views = await this.#views(windows);
    }
    this.#judgeRest(views, machines);
    const [window] = windows;
    if (window !== undefined) {
      for (const connection of this.#habits.connections) {
        this.#signIns.judgeDoubles(window, connection);
      }
    }
  }

  async #views(windows: readonly SimulatedWindow[]): Promise<readonly ReadonlyMap<string, string>[]> {
    const asked = Promise.all(windows.map(({ sessions }) => sessions.getSessions({})));
    await this.#machine.world.run(this.#machine.world.now + 4 * SECOND_MS);
    return (await asked).map(
      (live) => new Map(live.map(({ session, tokens }) => [session.id, tokens.accessToken])),
    );
  }

  #judgeRest(views: readonly ReadonlyMap<string, string>[], machines: readonly Machine[]): void {
    const [first] = views;
    if (first === undefined) {
      return;
    }
    if (!agree(views)) {
      this.#witness.accuse('the windows do not agree');
    }
    const isHere = (id: string): boolean => machines.some((machine) => machine === this.#signedInOn.get(id));
    for (const [id, family] of [...this.#expected].filter(([id]) => isHere(id))) {
      const token = first.get(id);
      if (token === undefined) {
        this.#witness.accuse('a session is missing that nobody has signed out');
      } else if (!this.#server.isOver(family) && !this.#server.isActive(token, family)) {
        this.#witness.accuse('a session shows a token that is over, though it could be refreshed');
      }
    }
    for (const id of [...this.#signedOut.keys(), ...this.#mustNotReturn.keys()]) {
      if (first.has(id)) {
        this.#witness.accuse('a session is there that was signed out');
      }
    }
  }
}

function restore<T>(map: Map<string, T>, id: string, value: T | undefined): void {
  if (value !== undefined && !map.has(id)) {
    map.set(id, value);
  }
}

function agree([first, ...others]: readonly ReadonlyMap<string, string>[]): boolean {
  return others.every((view) => isDeepStrictEqual(view, first));
}
