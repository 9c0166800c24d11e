import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Clock } from '../../../../src/common/clock.ts';
import { HelperProcess } from '../../../../src/common/locks/helperProcess.ts';

const FILE = fileURLToPath(new URL('../../../../src/common/locks/lockHelper.ts', import.meta.url));
const ANSWER_MS = 5000;

describe('a response of the process that takes locks', function () {
  this.timeout(20_000);

  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'helper-'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** What comes of a request whose first timer fires before anything is read, this many milliseconds after it was set. */
  const outcomeAfter = async (delayMs: number): Promise<string> => {
    let now = 0;
    const first = Promise.withResolvers<() => void>();
    const clock: Clock = {
      now: () => now,
      schedule: (callback) => {
        first.resolve(callback);
        return { dispose: () => undefined };
      },
    };
    const helper = new HelperProcess({ file: FILE, env: process.env }, clock);
    try {
      const answer = helper.lock(join(folder, 'name.lock'));
      const fire = await first.promise;
      now += delayMs;
      fire();
      return (await answer).kind;
    } finally {
      helper.end();
    }
  };

  it('is awaited as long as it takes, and no longer', async () => {
    assert.equal(await outcomeAfter(ANSWER_MS), 'silent');
  });

  it('is not missed where the extension host itself was busy or asleep: that is no fault of the disk', async () => {
    assert.equal(await outcomeAfter(ANSWER_MS + 2000), 'granted');
  });
});
