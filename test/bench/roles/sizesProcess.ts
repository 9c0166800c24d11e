/**
 * `sizesProcess.ts <ours | answers> <file>`: what the list of the file takes in memory, as we keep it or as the portal's own
 * answers. The file has one or the other, as JSON.
 */
import { readFile } from 'node:fs/promises';
import { parseListing } from '../../../src/roles/list/cache/listingFormat.ts';

/** In bytes. */
export interface ListSize {
  readonly heapBytes: number;
}

const [kind = '', file = ''] = process.argv.slice(2);
const read = (text: string): unknown => (kind === 'ours' ? parseListing(text, 'bench') : JSON.parse(text));
// What is compiled and cached on first use is no part of the list.
read(await readFile(file, 'utf8'));

const heap = async (): Promise<number> => {
  for (let turn = 0; turn < 5; turn += 1) {
    globalThis.gc?.();
    await new Promise(setImmediate);
  }
  return process.memoryUsage().heapUsed;
};
const before = await heap();
const list = read(await readFile(file, 'utf8'));
const heapBytes = (await heap()) - before;
process.send?.({ heapBytes } satisfies ListSize, () => process.exit(list === undefined ? 1 : 0));
