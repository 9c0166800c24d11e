import assert from 'node:assert/strict';
import { mkdtemp, open, readFile, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { replaceText } from '../../../../src/common/files/atomicFile.ts';
import { VirtualClock } from '../../../support/virtualClock.ts';
import { SeededRandom } from '../../support/sessions.ts';

type Step = 'writeFile' | 'sync' | 'rename';

describe('a file that is replaced', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atomic-file-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** The class of Node's file handles, which it does not export. */
  async function fileHandles(): Promise<FileHandle> {
    const handle = await open(join(folder, 'probe'), 'w');
    await handle.close();
    return Object.getPrototypeOf(handle) as FileHandle;
  }

  it('is on the disk before it takes its place: after a power cut there is the old text or the new, never none', async () => {
    const steps: Step[] = [];
    const handles = await fileHandles();
    const originals = new Map<Step, unknown>();
    for (const step of ['writeFile', 'sync'] as const) {
      const original = handles[step] as (...args: unknown[]) => Promise<void>;
      originals.set(step, original);
      Object.assign(handles, {
        [step](this: FileHandle, ...args: unknown[]) {
          steps.push(step);
          return original.apply(this, args);
        },
      });
    }
    const path = join(folder, 'file');
    const tools = {
      clock: new VirtualClock(),
      random: new SeededRandom(1),
      rename: async (from: string, to: string) => {
        steps.push('rename');
        await rename(from, to);
      },
    };
    try {
      await replaceText(path, 'new', tools as never, new AbortController().signal);
    } finally {
      Object.assign(handles, Object.fromEntries(originals));
    }
    assert.deepEqual(steps, ['writeFile', 'sync', 'rename']);
    assert.equal(await readFile(path, 'utf8'), 'new');
  });
});
