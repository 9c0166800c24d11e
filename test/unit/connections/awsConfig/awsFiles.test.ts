import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BoundedQueue } from '../../../../src/common/boundedQueue.ts';
import { checkAwsFiles } from '../../../../src/connections/awsConfig/awsFiles.ts';
import { awsPaths } from '../../../../src/connections/awsConfig/awsPaths.ts';
import { VirtualClock } from '../../../support/virtualClock.ts';
import { hasNamedPipes, makeNamedPipe } from '../../support/namedPipe.ts';

describe('the files that the AWS SDK reads by itself', () => {
  let home: string;
  let clock: VirtualClock;
  let disk: BoundedQueue;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'aws-files-'));
    await mkdir(join(home, '.aws'));
    clock = new VirtualClock();
    disk = new BoundedQueue(clock, 3000);
  });
  afterEach(() => rm(home, { recursive: true }));

  const check = (environment: Readonly<Record<string, string>>): Promise<void> =>
    checkAwsFiles({ environment, paths: awsPaths({ environment, home, platform: 'linux' }), disk });

  it('may be there or not', async () => {
    await check({});
    await writeFile(join(home, '.aws', 'config'), '');
    await writeFile(join(home, '.aws', 'credentials'), '');
    await check({});
  });

  for (const [name, environment] of [
    ['.aws/config', {}],
    ['.aws/credentials', {}],
    ['elsewhere', { AWS_CONFIG_FILE: '~/elsewhere' }],
  ] as const) {
    it(`are refused when ~/${name} is a named pipe (copilot-cli#2547)`, async function () {
      if (!hasNamedPipes) {
        this.skip();
      }
      makeNamedPipe(join(home, name));
      await assert.rejects(check(environment), { code: 'ENOTREG' });
    });
  }

  it('are refused when they do not answer, unless the environment has all it takes', async () => {
    void disk.run(() => new Promise<never>(() => undefined)).catch(() => undefined);
    const refused = assert.rejects(check({}), /didn't respond within 3 seconds/);
    await clock.advance(3000);
    await refused;
    await check({ AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' });
  });
});
