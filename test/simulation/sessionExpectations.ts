import type { IssuedTokens } from '../../src/flows/tokens.ts';
import type { Session } from '../../src/sessions/session.ts';
import { isSignedOut, parseIndex } from '../../src/sessions/store/indexFormat.ts';
import type { GrantedSignIn, KeptSignIn } from '../../src/sessions/signIn/signInKeeper.ts';
import type { Machine } from './machine.ts';
import { indexText } from './ports.ts';
import type { Family, Server } from './server.ts';
import { SHARED_MOMENT_MS } from './window.ts';
import type { Expectations, SimulatedWindow } from './window.ts';
import type { Witness } from './witness.ts';

/** What a user did to the sessions, and what must therefore be there, or must not. */
export class SessionExpectations implements Expectations {
  /** What all machines share is asked of it. */
  readonly #machine: Machine;
  readonly #server: Server;
  readonly #witness: Witness;
  readonly #windows: ReadonlySet<SimulatedWindow>;
  /** Sign-ins that somebody ends, or has ended: up to which, by session. */
  readonly #mayGo = new Map<string, number>();
  readonly #lastSignIn = new Map<string, number>();
  /** Signed out at that time of the machine's, though perhaps nowhere but in one window's memory yet. */
  readonly #signedOut = new Map<string, number>();
  /** Signed out, and no longer in the file since then, in true time. */
  readonly #mustNotReturn = new Map<string, number>();
  /** Which window has signed a session out, and when, in true time. */
  readonly #signedOutBy = new Map<string, { readonly window: SimulatedWindow; readonly at: number }>();
  /** Sessions that must be there when all is calm, with what the server knows of them. */
  readonly #expected = new Map<string, Family>();
  /** What each session was signed in to, and when by the machine's clock. */
  readonly #families = new Map<string, { readonly family: Family; readonly signedInAt: number }>();
  /** The machine each was signed in on. */
  readonly #signedInOn = new Map<string, Machine>();

  constructor(machine: Machine, server: Server, witness: Witness, windows: ReadonlySet<SimulatedWindow>) {
    this.#machine = machine;
    this.#server = server;
    this.#witness = witness;
    this.#windows = windows;
  }

  /** The sign-ins that must go on. */
  get families(): Iterable<Family> {
    return this.#expected.values();
  }

  get mustNotReturn(): ReadonlyMap<string, number> {
    return this.#mustNotReturn;
  }

  mayGo({ id, signedInAt }: Session): boolean {
    return signedInAt <= (this.#mayGo.get(id) ?? 0);
  }

  onEnd(session: Session): void {
    if (!this.mayGo(session)) {
      // A window may die before anybody hears of the sign-in that it has kept.
      const known = this.#families.get(session.id);
      const isKnown = known?.signedInAt === session.signedInAt;
      this.#witness.judgeEnd(session, isKnown ? known.family : undefined);
    }
    this.#expected.delete(session.id);
  }

  /** Sees what is saved: what is signed out there must not return. */
  onSaved(text: string): void {
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

  /** What only the dead window knew is lost with it. */
  onWindowDied(window: SimulatedWindow): void {
    this.#loseUnconfirmed(window);
    const text = indexText(this.#machine);
    const inFile = text === undefined ? [] : parseIndex(text).sessions;
    const inWindows = [...this.#windows].flatMap(({ sessions }) => sessions.sessions);
    for (const id of this.#expected.keys()) {
      const signedInAt = this.#lastSignIn.get(id) ?? 0;
      const isKnown = [...inFile, ...inWindows].some(
        (session) => session.id === id && session.signedInAt >= signedInAt,
      );
      if (!isKnown) {
        this.eitherMayBeLast(id);
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

  /** Another machine may write over a sign-out without having seen it. Only the window that signed out would notice that. */
  #loseUnconfirmed(window: SimulatedWindow): void {
    const { world, home } = this.#machine;
    for (const [id, by] of this.#signedOutBy) {
      if (home.isShared && by.window === window && world.now - by.at < SHARED_MOMENT_MS) {
        this.#comesBack(id);
        this.eitherMayBeLast(id);
        this.#witness.excuse('unsaved change lost with its window');
      }
    }
  }

  /** Keeps what was granted in a window, and knows what is to be expected of it. */
  async keep(window: SimulatedWindow, granted: GrantedSignIn): Promise<KeptSignIn> {
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
      this.#expected.set(session.id, this.#noteFamily(session, granted.issued));
      this.#signedInOn.set(session.id, window.machine);
      this.#lastSignIn.set(session.id, session.signedInAt);
    }
    return live;
  }

  /** As {@link keep}, where a sign-out may come at the same time, and either may be the last. */
  async keepBesideSignOut(window: SimulatedWindow, granted: GrantedSignIn): Promise<KeptSignIn> {
    const live = await window.sessions.add(granted);
    const { session, tokens } = live;
    if (tokens.accessToken === granted.issued.accessToken) {
      this.#noteFamily(session, granted.issued);
    }
    return live;
  }

  /** A sign-in was cancelled while it was being kept: nobody gets it, and all that counts else is that the windows agree. */
  async undo(window: SimulatedWindow, kept: KeptSignIn): Promise<void> {
    this.eitherMayBeLast(kept.session.id);
    await window.sessions.undo(kept);
    const live = await window.sessions.getSessions({});
    if (live.some(({ tokens }) => tokens.accessToken === kept.tokens.accessToken)) {
      this.#witness.accuse('a sign-in was handed out that was cancelled');
    }
  }

  #noteFamily({ id, signedInAt }: Session, issued: IssuedTokens): Family {
    const family = this.#server.familyOfSignIn(issued);
    this.#families.set(id, { family, signedInAt });
    return family;
  }

  #comesBack(id: string): void {
    this.#signedOut.delete(id);
    this.#mustNotReturn.delete(id);
  }

  /** A sign-in and a sign-out of this session come at once: all that counts is that the windows agree. */
  eitherMayBeLast(id: string): void {
    this.#mayGo.set(id, Infinity);
    this.#expected.delete(id);
  }

  async signOut(window: SimulatedWindow, { id, signedInAt }: Session): Promise<void> {
    if (!window.sessions.sessions.some((shown) => shown.id === id)) {
      return;
    }
    const upTo = Math.max(signedInAt, this.#lastSignIn.get(id) ?? 0);
    this.#mayGo.set(id, Math.max(this.#mayGo.get(id) ?? 0, upTo));
    this.#expected.delete(id);
    const at = window.process.clock.now();
    await window.sessions.signOut(id);
    this.#signedOut.set(id, at);
    this.#signedOutBy.set(id, { window, at: this.#machine.world.now });
    this.onSaved(indexText(this.#machine) ?? '');
    const live = await window.sessions.getSessions({});
    if (live.some(({ session }) => session.id === id && this.mayGo(session))) {
      this.#witness.accuse('a session was handed out after its sign-out');
    }
  }

  /**
   * Judges what windows show when all is calm.
   * @param views what each of them shows: access tokens by session
   * @param machines those whose sessions they share
   */
  judge(views: readonly ReadonlyMap<string, string>[], machines: readonly Machine[]): void {
    const [first] = views;
    if (first === undefined) {
      return;
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
