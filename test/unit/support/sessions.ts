/** A machine in memory, with windows on it: for tests of the sessions' logic without disk, keychain or network. */
import { once } from '../../../src/common/disposable.ts';
import type { Disposable } from '../../../src/common/disposable.ts';
import { Emitter } from '../../../src/common/event.ts';
import type { Log, LogEvent } from '../../../src/common/log.ts';
import type { Random } from '../../../src/common/random.ts';
import type { Connection } from '../../../src/connections/connection.ts';
import type { IssuedTokens, RegisteredClient } from '../../../src/flows/tokens.ts';
import { SsoOidcError } from '../../../src/wire/errors.ts';
import type { SsoOidcErrorCode } from '../../../src/wire/errors.ts';
import type { IndexFile } from '../../../src/sessions/store/indexFile.ts';
import type { Locks } from '../../../src/common/locks/locks.ts';
import { DEFAULT_REFRESH_POLICY } from '../../../src/sessions/refresh/policy.ts';
import { SecretVault } from '../../../src/sessions/vault/secretVault.ts';
import type { ListedSecretStore } from '../../../src/sessions/vault/secretVault.ts';
import type { Session } from '../../../src/sessions/session.ts';
import { parseIndex } from '../../../src/sessions/store/indexFormat.ts';
import { SessionManager } from '../../../src/sessions/sessionManager.ts';
import type { GrantedSignIn } from '../../../src/sessions/signIn/signInKeeper.ts';
import type { SessionsChange } from '../../../src/sessions/store/difference.ts';
import type { Renewal, TokenService } from '../../../src/sessions/tokenService.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

export const ACME: Connection = {
  name: 'acme',
  startUrl: 'https://acme.awsapps.com/start',
  region: 'eu-central-1',
};

export const CLIENT: RegisteredClient = {
  clientId: 'client',
  clientSecret: 'SECRET-client',
  issuedAt: Date.UTC(2025, 11, 1),
  expiresAt: Date.UTC(2026, 11, 1),
};

const HOUR_MS = 3_600_000;

/** What a disk, a keychain or a lock does to whoever uses it just now. */
export type Trouble = 'none' | 'fails' | 'hangs';

async function through<T>(trouble: Trouble, work: () => T): Promise<T> {
  if (trouble === 'fails') {
    throw Object.assign(new Error('injected'), { code: 'EIO' });
  }
  return trouble === 'hangs' ? new Promise<never>(() => undefined) : work();
}

/** A disk: what hangs there is done once it answers again. */
class Disk {
  readonly #waiting: (() => void)[] = [];

  get hanging(): number {
    return this.#waiting.length;
  }

  async through<T>(trouble: Trouble, work: () => T): Promise<T> {
    if (trouble === 'hangs') {
      await new Promise<void>((resolve) => void this.#waiting.push(resolve));
      return work();
    }
    return through(trouble, work);
  }

  release(): void {
    this.#waiting.splice(0).forEach((go) => go());
  }
}

/** The index file of all windows. */
export class MemoryFile implements IndexFile {
  readonly #disk = new Disk();
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;
  text: string | undefined;
  copy: string | undefined;
  setAsideText: string | undefined;
  reading: Trouble = 'none';
  writing: Trouble = 'none';
  /** How other machines see the same file. */
  readonly #views: { readonly file: MemoryFile; readonly clock: VirtualClock; readonly lagMs: number }[] = [];
  /** Writes by all machines are counted: a view never goes back behind one it has seen. */
  #count: { latest: number } = { latest: 0 };
  #seen = 0;

  /** Shares the file with another machine: each sees what the other wrote `lagMs` later, and is told of nothing. */
  share(file: MemoryFile, clock: VirtualClock, lagMs: number): void {
    file.#count = this.#count;
    this.#views.push({ file, clock, lagMs });
    file.#views.push({ file: this, clock, lagMs });
  }

  #arrive(text: string, count: number): void {
    if (count > this.#seen) {
      this.#seen = count;
      this.text = text;
    }
  }

  read(): Promise<string | undefined> {
    return this.#disk.through(this.reading, () => this.text);
  }

  async replace(text: string): Promise<void> {
    await this.#disk.through(this.writing, () => {
      const count = ++this.#count.latest;
      this.#arrive(text, count);
      for (const { file, clock, lagMs } of this.#views) {
        clock.schedule(() => file.#arrive(text, count), lagMs);
      }
    });
    this.#changed.fire();
  }

  async replaceCopy(text: string): Promise<void> {
    await this.#disk.through(this.writing, () => {
      for (const file of [this, ...this.#views.map((view) => view.file)]) {
        file.copy = text;
      }
    });
  }

  readCopy(): Promise<string | undefined> {
    return this.#disk.through(this.reading, () => this.copy);
  }

  async setAside(): Promise<void> {
    await this.#disk.through(this.writing, () => {
      this.setAsideText = this.text;
      this.text = undefined;
    });
  }

  /** How many reads and writes hang. */
  get hanging(): number {
    return this.#disk.hanging;
  }

  /** The disk answers what hung. */
  release(): void {
    this.#disk.release();
  }

  get sessions(): readonly Session[] {
    return this.text === undefined ? [] : parseIndex(this.text).sessions;
  }

  dispose(): void {
    // Shared by all windows: none of them closes it.
  }
}

/** The locks of all windows. */
export class MemoryLocks implements Locks {
  readonly #held = new Map<string, (() => void)[]>();
  readonly #clock: VirtualClock;
  readonly #disk = new Disk();
  readonly discarded: string[] = [];
  trouble: Trouble = 'none';

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  async acquire(name: string, waitMs: number): Promise<Disposable | undefined> {
    await this.#disk.through(this.trouble, () => undefined);
    for (const until = this.#clock.now() + waitMs; this.isHeld(name);) {
      if (this.#clock.now() >= until) {
        return undefined;
      }
      await this.#released(name, until - this.#clock.now());
    }
    this.#held.set(name, []);
    return { dispose: once(() => this.#release(name)) };
  }

  /** The disk answers what hung. */
  release(): void {
    this.#disk.release();
  }

  isHeld(name: string): boolean {
    return this.#held.has(name);
  }

  #released(name: string, atMostMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#held.get(name)?.push(resolve);
      this.#clock.schedule(resolve, atMostMs);
    });
  }

  #release(name: string): void {
    const waiting = this.#held.get(name) ?? [];
    this.#held.delete(name);
    for (const wake of waiting) {
      wake();
    }
  }

  async discard(name: string): Promise<void> {
    this.discarded.push(name);
  }

  dispose(): void {
    // Shared by all windows: none of them closes it.
  }
}

/** The keychain, or a tab's copy of it. */
export class MemorySecrets implements ListedSecretStore {
  readonly values = new Map<string, string>();
  reading: Trouble = 'none';
  writing: Trouble = 'none';
  writes = 0;

  get(key: string): Promise<string | undefined> {
    return through(this.reading, () => this.values.get(key));
  }

  store(key: string, value: string): Promise<void> {
    this.writes += 1;
    return through(this.writing, () => void this.values.set(key, value));
  }

  delete(key: string): Promise<void> {
    return through(this.writing, () => void this.values.delete(key));
  }

  keys(): Promise<readonly string[]> {
    return through(this.reading, () => [...this.values.keys()]);
  }
}

/** A service whose refresh tokens are for single use. */
export class FakeService implements TokenService {
  readonly #clock: VirtualClock;
  readonly sent: string[] = [];
  readonly signedOut: string[] = [];
  #issued = 0;
  lifetimeMs = HOUR_MS;
  /** Replaces the answer to a refresh. */
  answer: ((refreshToken: string) => IssuedTokens | Promise<IssuedTokens>) | undefined;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** Fresh tokens. Everything secret in them begins with `SECRET`. */
  issue(): IssuedTokens {
    this.#issued += 1;
    const now = this.#clock.now();
    return {
      accessToken: `SECRET-access-${this.#issued}`,
      refreshToken: `SECRET-refresh-${this.#issued}`,
      issuedAt: now,
      expiresAt: now + this.lifetimeMs,
      client: CLIENT,
      requestId: `request-${this.#issued}`,
    };
  }

  async refresh(_connection: Connection, { refreshToken = 'exchange' }: Renewal) {
    this.sent.push(refreshToken);
    return this.answer === undefined ? this.issue() : this.answer(refreshToken);
  }

  async signOut(_connection: Connection, accessToken: string): Promise<void> {
    this.signedOut.push(accessToken);
  }
}

/** An error of the wire. */
export function wireError(
  code: SsoOidcErrorCode,
  details: {
    readonly sent?: 'no' | 'maybe';
    readonly status?: number;
    readonly retryAfterMs?: number;
    readonly reason?: string;
    readonly isDefinitive?: boolean;
  } = {},
): SsoOidcError {
  const { sent = 'maybe', status, retryAfterMs, ...more } = details;
  return new SsoOidcError({
    code,
    what: 'It failed.',
    advice: 'Try again.',
    sent,
    retryAfterMs,
    requestId: 'request-of-the-error',
    ...more,
    ...(status !== undefined && {
      ResponseMetadata: { HTTPStatusCode: status, HTTPHeaders: {}, RetryAttempts: 0 },
    }),
  });
}

export class RecordingLog implements Log {
  readonly events: LogEvent[] = [];

  info(event: LogEvent): void {
    this.events.push(event);
  }

  warn(event: LogEvent): void {
    this.events.push(event);
  }
}

/** Chance that repeats itself (mulberry32). */
export class SeededRandom implements Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => Math.floor(this.uniform() * 256));
  }

  uuid(): string {
    return Buffer.from(this.bytes(16)).toString('hex');
  }
}

/** One window: its sessions, and what it told the editor and the user. */
export interface Window {
  readonly sessions: SessionManager;
  readonly secrets: MemorySecrets;
  readonly changes: SessionsChange[];
  readonly ended: Session[];
  readonly warned: Session[];
  readonly missed: Session[];
}

/** A machine with its disk, keychain and locks; the service lies elsewhere, but serves. */
export class Machine {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly file = new MemoryFile();
  readonly locks: MemoryLocks;
  readonly secrets = new MemorySecrets();
  readonly service: FakeService;
  readonly log = new RecordingLog();
  /** The network it is on. */
  network = 'office';
  #pid = 100;

  /** @param other another machine with the same home folder and service, and nothing else in common */
  constructor(other?: Machine, lagMs = 0) {
    this.name = other === undefined ? 'one' : `another than ${other.name}`;
    this.random = new SeededRandom(other === undefined ? 1 : 2);
    this.clock = other?.clock ?? new VirtualClock();
    this.locks = new MemoryLocks(this.clock);
    this.service = other?.service ?? new FakeService(this.clock);
    other?.file.share(this.file, this.clock, lagMs);
  }

  /** Opens a window. `secrets`: the machine's, unless it has a copy of its own. */
  async open(
    secrets = this.secrets,
    locks: Locks = this.locks,
    file: IndexFile = this.file,
  ): Promise<Window> {
    const sessions = new SessionManager({
      file,
      vault: new SecretVault(secrets),
      locks,
      service: this.service,
      networkId: () => this.network,
      policy: DEFAULT_REFRESH_POLICY,
      clock: this.clock,
      random: this.random,
      holder: { machine: this.name, boot: 'boot', processNamespace: 'processes', pid: this.#pid++ },
      log: this.log,
    });
    const window: Window = { sessions, secrets, changes: [], ended: [], warned: [], missed: [] };
    sessions.onDidChange((change) => window.changes.push(change));
    sessions.onDidEnd((session) => window.ended.push(session));
    sessions.onWillEnd((session) => window.warned.push(session));
    sessions.onDidMissTokens((session) => window.missed.push(session));
    await sessions.start();
    return window;
  }

  /** What the window hands out, within the 3 seconds it may take. */
  async accessTokens({ sessions }: Window): Promise<readonly string[]> {
    const asked = sessions.getSessions({});
    await this.clock.advance(3000);
    return (await asked).map(({ tokens }) => tokens.accessToken);
  }

  /** A sign-in that the service has just granted. */
  grant(overrides: Partial<GrantedSignIn> = {}): GrantedSignIn {
    return { connection: ACME, scopes: [], issued: this.service.issue(), ...overrides };
  }
}
