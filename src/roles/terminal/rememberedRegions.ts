import * as v from 'valibot';

import type { BoundedQueue } from '../../common/boundedQueue.ts';
import { readText, replaceText } from '../../common/files/atomicFile.ts';
import type { FileTools } from '../../common/files/atomicFile.ts';
import { roleKeyText } from '../role.ts';
import type { RoleKey } from '../role.ts';
import { isRegion } from '../../oidc/regionCode.ts';

/** The region that the terminals of a role had last. Another window's choice at the same moment may be lost: it is asked again. */
const format = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));
const regionSchema = v.pipe(v.string(), v.check(isRegion));

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

  /** What can't be read counts as nothing: the user is asked again. */
  async find(role: RoleKey): Promise<string | undefined> {
    return (await this.#read().catch(() => NOTHING)).get(roleKeyText(role));
  }

  /** @throws what the file system says; WorkTimeout */
  async remember(role: RoleKey, region: string, signal: AbortSignal): Promise<void> {
    const regions = await this.#read();
    const key = roleKeyText(role);
    if (regions.get(key) === region) {
      return;
    }
    const others = [...regions].filter(([other]) => other !== key);
    const entries = [...others, [key, region]].slice(-MAX_ENTRIES);
    const text = `${JSON.stringify(Object.fromEntries(entries))}\n`;
    await this.#disk.run(() => replaceText(this.#path, text, this.#tools, signal));
  }

  /** What can't be understood is left out. @throws what the file system says; WorkTimeout */
  async #read(): Promise<ReadonlyMap<string, string>> {
    const text = await this.#disk.run(() => readText(this.#path));
    const parsed = v.safeParse(format, text);
    return parsed.success ? new Map(Object.entries(parsed.output).filter(isKnown)) : NOTHING;
  }
}

const NOTHING: ReadonlyMap<string, string> = new Map();

function isKnown(entry: [string, unknown]): entry is [string, string] {
  return v.is(regionSchema, entry[1]);
}
