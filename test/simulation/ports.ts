import { once } from '../../src/common/disposable.ts';
import type { Disposable } from '../../src/common/disposable.ts';
import { Emitter } from '../../src/common/event.ts';
import { delay } from '../../src/common/clock.ts';
import type { Connection } from '../../src/connections/connection.ts';
import type { IssuedTokens, RegisteredClient } from '../../src/flows/tokens.ts';
import { SsoOidcError } from '../../src/wire/errors.ts';
import type { IndexFile } from '../../src/sessions/store/indexFile.ts';
import type { Locks } from '../../src/common/locks/locks.ts';
import type { ListedSecretStore } from '../../src/sessions/vault/secretVault.ts';
import type { Renewal, TokenService } from '../../src/sessions/tokenService.ts';
import { systemError } from './machine.ts';
import type { Machine } from './machine.ts';
import { answerAtFrontDoor, withOddMember } from './oddAnswers.ts';
import type { Process } from './process.ts';
import { serviceError } from './server.ts';
import type { DeviceCode, Server } from './server.ts';
import type { Witness } from './witness.ts';

const INDEX = 'sessions.json';
const COPY = `${INDEX}.copy`;
const DISK_MS = 4;
/** Milliseconds that taking a lock may take beyond its wait, on a disk that is merely slow. */
export const LOCK_GRACE_MS = 3000;
const KEYCHAIN_MS = 30;
const NETWORK_MS = 300;
/** The wire's own deadline. */
const DEADLINE_MS = 15_000;
/** Connections do not outlive a longer sleep. */
const CONNECTION_MS = 30_000;
/** Of a window, at any of its waits. */
const CRASH_PROBABILITY = 1 / 4000;

/** What a process does outside itself. Any of it may be the last thing it does. */
export function ask<T>(machine: Machine, process: Process, latencyMs: number, effect: () => T): Promise<T> {
  if (machine.strikes(CRASH_PROBABILITY)) {
    machine.faults.add('window crashed in the middle of its work');
    machine.world.after(2 * latencyMs * machine.random.uniform(), () => process.kill());
  }
  return process.ask(latencyMs * (0.2 + machine.random.uniform()), effect);
}

/** As {@link ask}, of the disk: while that hangs, everything waits until it answers again. */
export async function askDisk<T>(machine: Machine, process: Process, effect: () => T): Promise<T> {
  while (machine.diskHangs.isOn) {
    // What hangs in the operating system cannot be cancelled.
    await delay(process.clock, machine.diskHangs.leftMs, new AbortController().signal);
  }
  return ask(machine, process, DISK_MS, effect);
}

/** The index file as one window sees it. */
export class SimulatedFile implements IndexFile {
  readonly #machine: Machine;
  readonly #process: Process;
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;

  constructor(machine: Machine, process: Process) {
    this.#machine = machine;
    this.#process = process;
    machine.watchers.set(process, () => this.#changed.fire());
    process.onDeath.push(() => machine.watchers.delete(process));
  }

  read(): Promise<string | undefined> {
    return this.#read(INDEX);
  }

  readCopy(): Promise<string | undefined> {
    return this.#read(COPY);
  }

  #read(name: string): Promise<string | undefined> {
    return askDisk(this.#machine, this.#process, () => {
      checkReadable(this.#machine);
      return this.#machine.home.read(name, this.#machine);
    });
  }

  replace(text: string): Promise<void> {
    return askDisk(this.#machine, this.#process, () => {
      checkWritable(this.#machine);
      this.#machine.home.replace(INDEX, text, this.#machine);
      this.#machine.announceIndex();
    });
  }

  replaceCopy(text: string): Promise<void> {
    return askDisk(this.#machine, this.#process, () => {
      checkWritable(this.#machine);
      this.#machine.home.replace(COPY, text, this.#machine);
    });
  }

  setAside(): Promise<void> {
    return askDisk(this.#machine, this.#process, () => {
      checkWritable(this.#machine);
      this.#machine.home.replace(INDEX, undefined, this.#machine);
      this.#machine.announceIndex();
    });
  }

  dispose(): void {
    this.#machine.watchers.delete(this.#process);
    this.#changed.dispose();
  }
}

export function checkReadable({ diskUnreadable }: Machine): void {
  if (diskUnreadable.isOn) {
    throw systemError('EIO');
  }
}

export function checkWritable({ diskFull, readOnly }: Machine): void {
  if (diskFull.isOn || readOnly.isOn) {
    throw systemError(diskFull.isOn ? 'ENOSPC' : 'EROFS');
  }
}

/** What befalls the index: its last part is lost, or all of it is noise. */
export function damageIndex(machine: Machine): void {
  const text = machine.home.current(INDEX) ?? '';
  const cut = text.slice(0, Math.floor(text.length * machine.random.uniform()));
  machine.home.replace(INDEX, machine.random.uniform() < 0.5 ? cut : '\0'.repeat(text.length));
  machine.announceIndex();
}

/** The index file's text, as it is. */
export function indexText(machine: Machine): string | undefined {
  return machine.home.current(INDEX);
}

/** The operating system's locks: a dead process holds none, one that stands still keeps them. */
export class SimulatedLocks implements Locks {
  readonly #machine: Machine;
  readonly #process: Process;
  readonly #disposed = new AbortController();

  constructor(machine: Machine, process: Process) {
    this.#machine = machine;
    this.#process = process;
    process.onDeath.push(() => {
      for (const [name, holder] of machine.lockHolders) {
        if (holder === process) {
          machine.lockHolders.delete(name);
        }
      }
    });
  }

  async acquire(name: string, waitMs: number): Promise<Disposable | undefined> {
    const { lockHolders, random } = this.#machine;
    const { clock } = this.#process;
    const until = clock.now() + waitMs;
    while (!(await askDisk(this.#machine, this.#process, () => this.#take(name)))) {
      const left = until - clock.now();
      if (left <= 0) {
        return undefined;
      }
      await delay(clock, Math.min(left, 10 + 100 * random.uniform()), this.#disposed.signal);
    }
    return { dispose: once(() => void (this.#process.isAlive && lockHolders.delete(name))) };
  }

  #take(name: string): boolean {
    const { lockHolders, readOnly } = this.#machine;
    if (readOnly.isOn) {
      throw systemError('EROFS');
    }
    if (lockHolders.has(name) || !this.#process.isAlive) {
      return false;
    }
    lockHolders.set(name, this.#process);
    return true;
  }

  async discard(): Promise<void> {
    // Nothing is left behind here.
  }

  dispose(): void {
    this.#disposed.abort();
  }
}

/** The desktop's keychain: shared by all windows; each window's calls come one after the other. */
export class SimulatedKeychain implements ListedSecretStore {
  readonly #machine: Machine;
  readonly #process: Process;
  #last: Promise<unknown> = Promise.resolve();

  constructor(machine: Machine, process: Process) {
    this.#machine = machine;
    this.#process = process;
  }

  get(key: string): Promise<string | undefined> {
    return this.#ask(() => (this.#machine.keychainEmpty.isOn ? undefined : this.#machine.keychain.get(key)));
  }

  store(key: string, value: string): Promise<void> {
    return this.#ask(() => void this.#machine.keychain.set(key, value));
  }

  delete(key: string): Promise<void> {
    return this.#ask(() => void this.#machine.keychain.delete(key));
  }

  keys(): Promise<readonly string[]> {
    return this.#ask(() => [...this.#machine.keychain.keys()]);
  }

  #ask<T>(effect: () => T): Promise<T> {
    const run = this.#last.then(() => {
      const { keychainHangs, keychainThrows } = this.#machine;
      return ask(this.#machine, this.#process, KEYCHAIN_MS + 2 * keychainHangs.leftMs, () => {
        if (keychainThrows.isOn) {
          throw systemError('ELOCKED');
        }
        return effect();
      });
    });
    this.#last = run.catch(() => undefined);
    return run;
  }
}

/** The way to the server, with all that happens on it. */
export class SimulatedService implements TokenService {
  readonly #machine: Machine;
  readonly #process: Process;
  readonly #server: Server;
  readonly #witness: Witness;

  constructor(machine: Machine, process: Process, server: Server, witness: Witness) {
    this.#machine = machine;
    this.#process = process;
    this.#server = server;
    this.#witness = witness;
  }

  async refresh(connection: Connection, renewal: Renewal): Promise<IssuedTokens> {
    if (!('client' in renewal)) {
      throw new Error('Nobody here signs in by exchange.');
    }
    const { refreshToken, client } = renewal;
    const sending = this.#witness.sends(refreshToken, this.#process);
    try {
      const issued = await this.#exchange(() => this.#answer(refreshToken, client));
      this.#witness.received(issued.refreshToken ?? '', this.#process);
      return issued;
    } catch (error) {
      const code = error instanceof SsoOidcError ? error.code : undefined;
      if (code === 'InvalidGrantException' || code === 'InvalidClientException') {
        const isRegistrationOver = code === 'InvalidClientException';
        if (isRegistrationOver) {
          this.#machine.faults.add('registration expired');
        }
        this.#witness.rejected(connection.name, refreshToken, isRegistrationOver);
      }
      throw error;
    } finally {
      sending.dispose();
    }
  }

  #answer(refreshToken: string, client: RegisteredClient): IssuedTokens {
    const machine = this.#machine;
    const issued = this.#server.refresh(refreshToken, client, machine.skewMs);
    if (!machine.strikes(0.01)) {
      return issued;
    }
    machine.faults.add('odd member in an answer');
    return withOddMember(issued, machine.random);
  }

  /** One poll for the token of a code that the user may have confirmed. */
  redeem(code: DeviceCode): Promise<IssuedTokens> {
    return this.#exchange(() => {
      const issued = code.redeem();
      this.#witness.grants.granted(issued, this.#process);
      return issued;
    });
  }

  async signOut(_connection: Connection, accessToken: string): Promise<void> {
    await this.#exchange(() => this.#server.signOut(accessToken));
  }

  async #exchange<T>(effect: () => T): Promise<T> {
    const machine = this.#machine;
    if (machine.offline.isOn || machine.strikes(0.004)) {
      machine.faults.add('network lost');
      await ask(machine, this.#process, 50, () => undefined);
      throw serviceError('NetworkDns', undefined, 'no');
    }
    if (machine.serviceUnreachable.isOn) {
      await ask(machine, this.#process, DEADLINE_MS, () => undefined);
      throw serviceError('NetworkRefused', undefined, 'no');
    }
    const isLate = machine.strikes(0.01);
    if (isLate) {
      machine.faults.add('answer late');
    }
    const latencyMs = isLate ? DEADLINE_MS * machine.random.uniform() : NETWORK_MS;
    const stoodStillMs = this.#process.stoodStillMs;
    const answer = await ask(machine, this.#process, latencyMs, () => this.#atServer(effect));
    if (answer === 'lost' || this.#process.stoodStillMs - stoodStillMs > CONNECTION_MS) {
      machine.faults.add(answer === 'lost' ? 'answer lost' : 'answer late');
      throw serviceError('NetworkReset', undefined);
    }
    return answer.value;
  }

  #atServer<T>(effect: () => T): 'lost' | { readonly value: T } {
    const machine = this.#machine;
    if (machine.strikes(0.002)) {
      machine.faults.add('request lost');
      return 'lost';
    }
    if (machine.serviceDown.isOn || machine.strikes(0.005)) {
      machine.faults.add('service fails');
      throw serviceError('InternalServerException', 503);
    }
    if (machine.frontDoor.isOn || machine.strikes(0.003)) {
      machine.faults.add('front door answers');
      answerAtFrontDoor(machine.random);
    }
    if (machine.strikes(0.005)) {
      machine.faults.add('service throttles');
      throw serviceError('TooManyRequestsException', 429, 'maybe', 120_000 * machine.random.uniform());
    }
    const value = effect();
    return machine.strikes(0.0005) ? 'lost' : { value };
  }
}
