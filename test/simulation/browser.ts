import { BoundedLocks } from '../../src/common/locks/boundedLocks.ts';
import { boundedFiles } from '../../src/sessions/vault/sealedFolder.ts';
import { SealedVault } from '../../src/sessions/vault/sealedVault.ts';
import type { SealedFiles } from '../../src/sessions/vault/sealedFolder.ts';
import type { SecretStore } from '../../src/sessions/vault/secretVault.ts';
import type { SessionTokens } from '../../src/sessions/session.ts';
import type { Machine } from './machine.ts';
import { askDisk, checkReadable, checkWritable, LOCK_GRACE_MS, SimulatedLocks } from './ports.ts';
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
    return askDisk(this.#machine, this.#process, () => {
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
    return askDisk(this.#machine, this.#process, () => {
      checkReadable(this.#machine);
      return this.#machine.home.read(`vault/${name}`, this.#machine);
    });
  }

  write(name: string, text: string): Promise<void> {
    const token = this.writing.get(name);
    return askDisk(this.#machine, this.#process, () => {
      checkWritable(this.#machine);
      this.#machine.home.replace(`vault/${name}`, text, this.#machine);
      if (token !== undefined) {
        this.#machine.home.sealedTokens.set(name, token);
      }
    });
  }

  names(): Promise<readonly string[]> {
    return askDisk(this.#machine, this.#process, () => {
      checkReadable(this.#machine);
      const names = this.#machine.home.names(this.#machine).filter((name) => name.startsWith('vault/'));
      return names.map((name) => name.slice('vault/'.length));
    });
  }

  remove(name: string): Promise<void> {
    return askDisk(this.#machine, this.#process, () => {
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
    const folder = new SealedFolder(machine, process);
    const { random } = machine;
    const { clock } = process;
    const locks = new BoundedLocks(new SimulatedLocks(machine, process), clock, LOCK_GRACE_MS);
    const files = boundedFiles(folder, clock);
    super({ secrets: new TabSecrets(machine, process), files, locks, clock, random });
    this.#folder = folder;
  }

  override writeTokens(sessionId: string, tokens: SessionTokens): Promise<void> {
    this.#folder.writing.set(`session-${sessionId}`, tokens.refreshToken ?? '');
    return super.writeTokens(sessionId, tokens);
  }
}
