import type { LogEvent } from '../../src/common/log.ts';
import { untilAborted } from '../../src/common/timeout.ts';
import { pollForToken } from '../../src/flows/deviceCode/devicePolling.ts';
import type { IssuedTokens } from '../../src/flows/tokens.ts';
import type { ChosenAccount } from '../../src/sessions/signIn/accounts.ts';
import { BoundedLocks } from '../../src/common/locks/boundedLocks.ts';
import { DEFAULT_REFRESH_POLICY } from '../../src/sessions/refresh/policy.ts';
import { RecentSignIn } from '../../src/sessions/signIn/recentSignIn.ts';
import { SecretVault } from '../../src/sessions/vault/secretVault.ts';
import type { Account, LiveSession, Session } from '../../src/sessions/session.ts';
import { SessionManager } from '../../src/sessions/sessionManager.ts';
import type { SessionsChange } from '../../src/sessions/store/difference.ts';
import { SharedSignIns } from '../../src/sessions/signIn/sharedSignIns.ts';
import type { WantedSignIn } from '../../src/sessions/signIn/signInElsewhere.ts';
import type { GrantedSignIn, KeptSignIn } from '../../src/sessions/signIn/signInKeeper.ts';
import { TabVault } from './browser.ts';
import { MixedVersionsFile } from './mixedVersions.ts';
import type { Machine } from './machine.ts';
import {
  LOCK_GRACE_MS,
  SimulatedFile,
  SimulatedKeychain,
  SimulatedLocks,
  SimulatedService,
} from './ports.ts';
import type { Process } from './process.ts';
import { DeviceCode } from './server.ts';
import type { Server } from './server.ts';
import type { Witness } from './witness.ts';

/** The engine under test. */
export interface Engine {
  readonly SessionManager: typeof SessionManager;
  readonly SharedSignIns: typeof SharedSignIns;
  readonly RecentSignIn: typeof RecentSignIn;
}

/** As it is. */
export const ENGINE: Engine = { SessionManager, SharedSignIns, RecentSignIn };

/** A sign-in as somebody at a window asks for it. */
export interface Asking {
  readonly wanted: Omit<WantedSignIn, 'seen'>;
  readonly signal: AbortSignal;
  /** Called as it begins: what VS Code queues begins later. */
  readonly onBegin: () => void;
  readonly chooseAccount: (accounts: readonly Account[]) => ChosenAccount;
  /** Sees the code that is shown; `undefined` where the tokens come at once. */
  readonly onCode: ((code: DeviceCode) => void) | undefined;
  /** A sign-in that the service grants. */
  readonly issue: () => IssuedTokens;
  readonly keep: (granted: GrantedSignIn) => Promise<KeptSignIn>;
  /** It was cancelled while it was being kept. */
  readonly undo: (kept: KeptSignIn) => Promise<void>;
}

/** What users did to the sessions of a machine, as far as it bears on what may be seen. */
export interface Expectations {
  /** Whether somebody signs this one out, or has done so. */
  readonly mayGo: (session: Session) => boolean;
  /** Sessions that were signed out for good, with the time since which they must not come back. */
  readonly mustNotReturn: ReadonlyMap<string, number>;
  /** Called for each session that needs sign-in, as often as it is seen. */
  readonly onEnd: (session: Session) => void;
}

/** Longer than reading a file takes. */
const MOMENT_MS = 100;
/**
 * Where two machines share a home: longer than a window goes without reading what the other one wrote, of which nothing
 * tells it; and than it takes until no other can write over what was saved.
 */
export const SHARED_MOMENT_MS = 80_000;
/** The engine's own limit, and a moment. */
const MAX_ANSWER_MS = 3000 + MOMENT_MS;
const DEACTIVATE_MS = 5000;
/** The service's. */
const CODE_LIFETIME_MS = 10 * 60_000;

/** A window under observation: what its engine announces must add up to what it shows. */
export class SimulatedWindow {
  readonly process: Process;
  readonly machine: Machine;
  readonly sessions: SessionManager;
  readonly #tab: TabVault | undefined;
  readonly #witness: Witness;
  readonly #expectations: Expectations;
  readonly #service: SimulatedService;
  readonly #signIns: SharedSignIns;
  readonly #recent: RecentSignIn;
  /** VS Code's: one call of extensions after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  readonly #announced = new Set<string>();
  #needsReload = false;

  constructor(
    machine: Machine,
    process: Process,
    server: Server,
    witness: Witness,
    expectations: Expectations,
    engine: Engine,
  ) {
    this.process = process;
    this.machine = machine;
    this.#tab = machine.isBrowser ? new TabVault(machine, process) : undefined;
    this.#tab?.onNeedsReload(() => (this.#needsReload = true));
    this.#witness = witness;
    this.#expectations = expectations;
    const log = {
      info: (event: LogEvent) => this.#check(event),
      warn: (event: LogEvent) => this.#check(event),
    };
    this.#service = new SimulatedService(machine, process, server, witness);
    this.sessions = new engine.SessionManager({
      file: new MixedVersionsFile(new SimulatedFile(machine, process), machine, process, witness),
      vault: this.#tab ?? new SecretVault(new SimulatedKeychain(machine, process)),
      locks: new BoundedLocks(new SimulatedLocks(machine, process), process.clock, LOCK_GRACE_MS),
      service: this.#service,
      networkId: () => machine.network,
      policy: DEFAULT_REFRESH_POLICY,
      clock: process.clock,
      random: machine.random,
      holder: { machine: machine.name, boot: 'boot', processNamespace: 'processes', pid: process.pid },
      log,
    });
    this.#signIns = new engine.SharedSignIns(this.sessions);
    this.#recent = new engine.RecentSignIn(this.sessions, process.clock);
    this.sessions.onDidChange((change) => this.#observe(change));
    this.sessions.onDidEnd((session) => this.#expectations.onEnd(session));
    void this.sessions.start();
  }

  /** Whether it asks to be reloaded. */
  get needsReload(): boolean {
    return this.#needsReload;
  }

  /** The user signs in from the command palette, which nothing queues. */
  async signIn(asking: Asking): Promise<LiveSession> {
    const { wanted, signal, onBegin, chooseAccount, keep, undo } = asking;
    onBegin();
    const { grants } = this.#witness;
    return this.#signIns.signIn({ ...wanted, seen: this.sessions.sessions }, signal, {
      chooseAccount: async (accounts) => chooseAccount(accounts),
      show: (shared, complete) => complete(shared, (waiting) => this.#obtain(asking, waiting)),
      granted: {
        keep,
        share: async () => undefined,
        undo,
        drop: async ({ connection, issued }) => {
          grants.dropped(issued);
          this.sessions.endAtService(connection, issued.accessToken);
        },
      },
    });
  }

  /** An extension asks for it. */
  signInForExtension(asking: Asking): Promise<LiveSession> {
    const { scopes, account } = asking.wanted;
    const run = this.#queue.then(async () => {
      const brought = await this.#recent.find({ scopes, ...(typeof account === 'object' && { account }) });
      if (brought !== undefined) {
        return brought;
      }
      const live = await this.signIn(asking);
      this.#recent.note(live.session);
      return live;
    });
    this.#queue = run.catch(() => undefined);
    return run;
  }

  /** As the device flow does: the code is polled for until the user has confirmed it. */
  async #obtain({ wanted, onCode, issue }: Asking, waiting: AbortSignal): Promise<IssuedTokens> {
    const { grants } = this.#witness;
    // A tab without the key of its vault asks to be reloaded.
    await untilAborted(waiting, this.#tab?.prepare() ?? Promise.resolve());
    if (onCode === undefined) {
      const issued = issue();
      grants.granted(issued, this.process);
      grants.received(issued);
      return issued;
    }
    const code = new DeviceCode(issue);
    onCode(code);
    const { clock } = this.process;
    const poll = async (): Promise<IssuedTokens> => {
      const issued = await untilAborted(waiting, this.#service.redeem(code));
      grants.received(issued);
      return issued;
    };
    const expiresAt = clock.now() + CODE_LIFETIME_MS;
    const { name } = wanted.connection;
    const polling = {
      poll,
      connection: name,
      intervalMs: 5000,
      expiresAt,
      clock,
      onTrouble: () => undefined,
    };
    return pollForToken(polling, waiting);
  }

  #check(event: LogEvent): void {
    if (JSON.stringify(event).includes('SECRET')) {
      this.#witness.accuse(`a secret in the log: ${event.operation}`);
    }
  }

  #observe({ added, removed, changed }: SessionsChange): void {
    for (const { id } of added) {
      this.#expect(!this.#announced.has(id), 'a session was added twice');
      this.#announced.add(id);
      this.#expectNoReturn(id);
    }
    for (const { id } of changed) {
      this.#expect(this.#announced.has(id), 'a session changed that was never added');
    }
    for (const session of removed) {
      const { id } = session;
      this.#expect(this.#announced.delete(id), 'a session was removed that was never added');
      const ended = this.sessions.sessions.find((known) => known.id === id);
      if (ended === undefined) {
        this.#expectReason(session);
      } else {
        this.#expectations.onEnd(ended);
      }
    }
    const shown = this.sessions.sessions.filter(({ state }) => state.kind === 'signedIn');
    const addsUp = shown.length === this.#announced.size && shown.every(({ id }) => this.#announced.has(id));
    this.#expect(addsUp, 'the events do not add up to the state');
  }

  /** Where two machines overwrite each other's changes, one of them notices, and repairs it. */
  #expectReason(session: Session): void {
    const isWanted = (): boolean => this.#expectations.mayGo(session) || this.#announced.has(session.id);
    const judge = (): void => this.#expect(isWanted(), 'a session disappeared by accident');
    if (this.machine.home.isShared) {
      this.process.tell(SHARED_MOMENT_MS, judge);
    } else {
      judge();
    }
  }

  /** What a window read just before the sign-out, it may show for a moment, and for no longer. */
  #expectNoReturn(id: string): void {
    const { mustNotReturn } = this.#expectations;
    const since = mustNotReturn.get(id);
    if (since === undefined) {
      return;
    }
    const knowsFor = this.machine.world.now - Math.max(since, this.process.movesSince);
    const came = 'a session came back after its sign-out';
    const momentMs = this.machine.home.isShared ? SHARED_MOMENT_MS : MOMENT_MS;
    this.#expect(knowsFor < momentMs, came);
    this.process.tell(2 * momentMs, () => {
      this.#expect(!(this.#announced.has(id) && mustNotReturn.get(id) === since), came);
    });
  }

  #expect(holds: boolean, otherwise: string): void {
    if (!holds) {
      this.#witness.accuse(otherwise);
    }
  }

  /** An extension asks for a session. VS Code's queue waits for the answer, and with it every other extension. */
  ask(): void {
    let isAnswered = false;
    const answered = this.sessions.getSessions({}).then(() => (isAnswered = true));
    answered.catch(() => this.#witness.accuse('a silent call failed'));
    this.process.tell(MAX_ANSWER_MS, () => {
      this.#expect(isAnswered, 'a silent call waited for longer than it may');
    });
  }

  /** The user closes it, as the product has it: the editor gives `deactivate` five seconds, then ends the process. */
  async close(): Promise<void> {
    this.process.tell(DEACTIVATE_MS, () => this.process.kill());
    await this.sessions.close();
    this.process.kill();
  }
}
