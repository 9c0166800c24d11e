import { SealedVault } from '../../src/sessions/sealedVault.ts';
import type { SealedFiles } from '../../src/sessions/sealedVault.ts';
import type { SecretStore } from '../../src/sessions/secretVault.ts';
import type { SessionTokens } from '../../src/sessions/session.ts';
import type { Machine } from './machine.ts';
import { ask, checkReadable, checkWritable, DISK_MS, SimulatedLocks } from './ports.ts';
import type { Process } from './process.ts';

/** A tab's copy of the browser's secrets: taken as the tab opens, saved whole whenever the tab writes. */
class TabSecrets implements SecretStore {
  readonly #machine: Machine;
  readonly #process: Process;
  #copy: Readonly<Record<string, string>>;

  constructor(machine: Machine, process: Process) {
    this.#machine = machine;
    this.#process = process;
    this.#copy = machine.browser.secrets;
  }

  async get(key: string): Promise<string | undefined> {
    return this.#copy[key];
  }

  store(key: string, value: string): Promise<void> {
    return this.#save({ ...this.#copy, [key]: value });
  }

  delete(key: string): Promise<void> {
    return this.#save(Object.fromEntries(Object.entries(this.#copy).filter(([name]) => name !== key)));
  }

  #save(copy: Readonly<Record<string, string>>): Promise<void> {
    this.#copy = copy;
    return ask(this.#machine, this.#process, DISK_MS, () => {
      this.#machine.browser.secrets = copy;
    });
  }
}

/** The folder of sealed records. */
class SealedFolder implements SealedFiles {
  readonly #machine: Machine;
  readonly #process: Process;
  /** The refresh tokens on their way into records, for whoever wants to know whether one is safe. */
  readonly writing = new Map<string, string>();

  constructor(machine: Machine, process: Process) {
    this.#machine = machine;
    this.#process = process;
  }

  read(name: string): Promise<string | undefined> {
    return ask(this.#machine, this.#process, DISK_MS, () => {
      checkReadable(this.#machine);
      return this.#machine.home.read(`vault/${name}`, this.#machine);
    });
  }

  write(name: string, text: string): Promise<void> {
    const token = this.writing.get(name);
    return ask(this.#machine, this.#process, DISK_MS, () => {
      checkWritable(this.#machine);
      this.#machine.home.replace(`vault/${name}`, text, this.#machine);
      if (token !== undefined) {
        this.#machine.home.sealedTokens.set(name, token);
      }
    });
  }

  names(): Promise<readonly string[]> {
    return ask(this.#machine, this.#process, DISK_MS, () => {
      checkReadable(this.#machine);
      const names = this.#machine.home.names(this.#machine).filter((name) => name.startsWith('vault/'));
      return names.map((name) => name.slice('vault/'.length));
    });
  }

  remove(name: string): Promise<void> {
    return ask(this.#machine, this.#process, DISK_MS, () => {
      checkWritable(this.#machine);
      this.#machine.home.replace(`vault/${name}`, undefined, this.#machine);
      this.#machine.home.sealedTokens.delete(name);
    });
  }
}

/** The vault of a tab. */
export class TabVault extends SealedVault {
  readonly #folder: SealedFolder;

  constructor(machine: Machine, process: Process) {
    const files = new SealedFolder(machine, process);
    const { random } = machine;
    const locks = new SimulatedLocks(machine, process);
    super({ secrets: new TabSecrets(machine, process), files, locks, clock: process.clock, random });
    this.#folder = files;
  }

  override writeTokens(sessionId: string, tokens: SessionTokens): Promise<void> {
    this.#folder.writing.set(`session-${sessionId}`, tokens.refreshToken ?? '');
    return super.writeTokens(sessionId, tokens);
  }
}
