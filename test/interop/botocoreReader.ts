import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

/** A configuration file as botocore reads it; a nested value is an object. */
export type BotocoreAnswer =
  | { readonly refused: string }
  | { readonly profiles: BotocoreSections; readonly ssoSessions: BotocoreSections };

type BotocoreSections = Readonly<
  Record<string, Readonly<Record<string, string | { readonly nested: Readonly<Record<string, string>> }>>>
>;

/** Debian's python3-botocore belongs to the system's own Python. */
const PYTHONS = ['/usr/bin/python3', 'python3'];

/** A Python that has botocore, and botocore's version; undefined where there is none. */
export function findBotocore(): { readonly python: string; readonly version: string } | undefined {
  for (const python of PYTHONS) {
    const { status, stdout } = spawnSync(python, ['-c', 'import botocore; print(botocore.__version__)'], {
      encoding: 'utf8',
    });
    if (status === 0) {
      return { python, version: stdout.trim() };
    }
  }
  return undefined;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** A process that reads configuration files with botocore's own parser, one after the other. */
export class BotocoreReader {
  readonly #child;
  readonly #answers: AsyncIterator<string>;

  constructor(python: string) {
    this.#child = spawn(python, [join(import.meta.dirname, 'botocoreConfig.py')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async read(config: Uint8Array, credentials?: Uint8Array): Promise<BotocoreAnswer> {
    const files = {
      config: base64(config),
      credentials: credentials === undefined ? null : base64(credentials),
    };
    this.#child.stdin.write(`${JSON.stringify(files)}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true) {
      throw new Error('The process that reads with botocore has ended.');
    }
    return JSON.parse(answer.value) as BotocoreAnswer;
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}
