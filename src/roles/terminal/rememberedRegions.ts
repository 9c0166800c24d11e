import * as v from 'valibot';

import type { BoundedQueue } from '../../common/boundedQueue.ts';
import { readText, replaceText } from '../../common/files/atomicFile.ts';
import type { FileTools } from '../../common/files/atomicFile.ts';
import { roleKeyText } from '../role.ts';
import type { RoleKey } from '../role.ts';
import { isRegion } from '../../oidc/regionCode.ts';

/** The region that the terminals of a role had last. Another window's choice at the same moment may be lost: it is asked again. */
const format = v.record(v.string(), v.pipe(v.string(), v.check(isRegion)));

const MAX_ENTRIES = 500;

/** Which region each role's terminals had last, in a file of the storage folder. Nothing in it is secret. */
export class RememberedRegions {
  readonly #path: string;
  readonly #disk: BoundedQueue;
  readonly #tools: FileTools;

  constructor(path: string, disk: BoundedQueue, tools: FileTools) {
    this.#path = path;
    this.#disk = disk;
    this.#tools = tools;
  }

  async find(role: RoleKey): Promise<string | undefined> {
    return (await this.#read())[roleKeyText(role)];
  }

  /** @throws what the file system says; WorkTimeout */
  async remember(role: RoleKey, region: string, signal: AbortSignal): Promise<void> {
    const { [roleKeyText(role)]: known, ...others } = await this.#read();
    if (known === region) {
      return;
    }
    const entries = [...Object.entries(others), [roleKeyText(role), region]].slice(-MAX_ENTRIES);
    const text = `${JSON.stringify(Object.fromEntries(entries))}\n`;
    await this.#disk.run(() => replaceText(this.#path, text, this.#tools, signal));
  }

  /** What can't be read or understood counts as nothing: the user is asked again. */
  async #read(): Promise<Readonly<Record<string, string>>> {
    try {
      const text = await this.#disk.run(() => readText(this.#path));
      const parsed = v.safeParse(format, JSON.parse(text ?? '{}'));
      return parsed.success ? parsed.output : {};
    } catch {
      return {};
    }
  }
}
