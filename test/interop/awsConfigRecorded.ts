import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, 'awsConfigRecorded.json');

/** What botocore made of the corpus when it was last recorded, by shape. */
export const RECORDED = JSON.parse(readFileSync(FILE, 'utf8')) as {
  readonly botocore: string;
  readonly results: Readonly<Record<string, object>>;
};

export async function record(results: ReadonlyMap<string, object>, botocore: string): Promise<void> {
  const recorded = { botocore, results: Object.fromEntries(results) };
  await writeFile(FILE, `${JSON.stringify(recorded, undefined, 2)}\n`);
}
