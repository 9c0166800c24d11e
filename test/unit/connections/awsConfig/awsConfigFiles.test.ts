import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BoundedQueue } from '../../../../src/common/boundedQueue.ts';
import { systemClock } from '../../../../src/common/clock.ts';
import { inEnglish } from '../../../../src/common/words.ts';
import { readAwsConfig } from '../../../../src/connections/awsConfig/awsConfig.ts';
import type { AwsConfig } from '../../../../src/connections/awsConfig/awsConfig.ts';
import { AwsConfigFiles, lazyAwsConfig } from '../../../../src/connections/awsConfig/awsConfigFiles.ts';
import type { AwsPaths } from '../../../../src/connections/awsConfig/awsPaths.ts';
import { eventually } from '../../../support/eventually.ts';
import { VirtualClock } from '../../../support/virtualClock.ts';
import { hasNamedPipes, makeNamedPipe } from '../../support/namedPipe.ts';

const session = (name: string): string =>
  `[sso-session ${name}]\nsso_start_url = https://${name}.awsapps.com/start\nsso_region = eu-west-1\n`;

const credentials = (name: string): string => session(name).replace('sso-session ', '');

describe("the AWS CLI's configuration file", () => {
  let folder: string;
  let path: string;
  let paths: AwsPaths;
  let reads: number;
  let clock: VirtualClock;
  let disk: BoundedQueue;
  let file: AwsConfigFiles;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aws-config-file-'));
    path = join(folder, 'config');
    paths = { config: path, credentials: join(folder, 'credentials') };
    reads = 0;
    clock = new VirtualClock();
    disk = new BoundedQueue(clock, 3000);
    file = new AwsConfigFiles(paths, disk, (from) => {
      reads += 1;
      return readAwsConfig(from, {});
    });
  });
  afterEach(() => rm(folder, { recursive: true }));

  const names = async () => (await file.read()).connections.map(({ connection }) => connection.name);

  it('is not read while it does not exist', async () => {
    assert.deepEqual(await file.read(), { connections: [], problems: [] });
    assert.equal(reads, 0);
  });

  it('is read once for as long as it stays the same', async () => {
    await writeFile(path, session('acme'));
    assert.deepEqual([await names(), await names(), reads], [['acme'], ['acme'], 1]);
  });

  it('is read again when it has changed, appeared or gone', async () => {
    assert.deepEqual(await names(), []);
    await writeFile(path, session('acme'));
    assert.deepEqual(await names(), ['acme']);
    await writeFile(path, session('beta'));
    assert.deepEqual(await names(), ['beta']);
    await rm(path);
    assert.deepEqual(await names(), []);
  });

  it('is read again when the credentials file has changed, appeared or gone (aws-sso-cli#1294)', async () => {
    assert.deepEqual(await names(), []);
    await writeFile(paths.credentials, credentials('acme'));
    assert.deepEqual(await names(), ['acme']);
    await writeFile(paths.credentials, credentials('beta'));
    assert.deepEqual([await names(), await names(), reads], [['beta'], ['beta'], 2]);
    await rm(paths.credentials);
    assert.deepEqual(await names(), []);
  });

  it('reports what is there but cannot be read', async () => {
    const { problems } = await new AwsConfigFiles(
      { ...paths, config: folder },
      disk,
      lazyAwsConfig({}),
    ).read();
    assert.match(inEnglish(problems[0]?.message ?? ''), /cannot be read|isn't a regular file/);
  });

  it('is not waited for when it is a named pipe: it is reported as no file (leapp#240)', async function () {
    if (!hasNamedPipes) {
      this.skip();
    }
    makeNamedPipe(path);
    const { connections, problems } = await file.read();
    assert.deepEqual(connections, []);
    assert.match(inEnglish(problems[0]?.message ?? ''), /config isn't a regular file/);
    await rm(path);
    await writeFile(path, session('acme'));
    assert.deepEqual(await names(), ['acme']);
  });

  describe('on a file system that does not answer', () => {
    let answer: (config: AwsConfig) => void;
    let answers: AwsConfig[];
    let hangs: Promise<void>;

    beforeEach(async () => {
      await writeFile(path, session('acme'));
      const known = await readAwsConfig(paths, {});
      answers = [];
      const begun = Promise.withResolvers<void>();
      hangs = begun.promise;
      let isFirst = true;
      file = new AwsConfigFiles(paths, disk, () => {
        reads += 1;
        if (isFirst) {
          isFirst = false;
          return Promise.resolve(known);
        }
        const { promise, resolve } = Promise.withResolvers<AwsConfig>();
        answer = resolve;
        begun.resolve();
        return promise;
      });
      await names();
      await writeFile(path, session('beta'));
    });

    const ask = (): void => void file.read().then((config) => answers.push(config));
    const said = (): readonly string[] =>
      answers.map(({ connections, problems }) =>
        [
          ...connections.map(({ connection }) => connection.name),
          ...problems.map(({ message }) => inEnglish(message)),
        ].join(' '),
      );

    it('has 3 seconds, then what is known counts, and that is reported (aws-toolkit-visual-studio#455)', async () => {
      ask();
      await hangs;
      await clock.advance(2999);
      assert.deepEqual(answers, []);
      await clock.advance(1);
      assert.match(said()[0] ?? '', /^acme The AWS config file .*config didn't respond within 3 seconds\. /);
    });

    it('is read once for all callers, and none waits again (copilot-cli#2547)', async () => {
      ask();
      await hangs;
      await clock.advance(3000);
      for (let times = 0; times < 10; times += 1) {
        assert.deepEqual((await file.read()).connections.length, 1);
      }
      assert.equal(reads, 2);
    });

    it('counts again as soon as it answers', async () => {
      ask();
      await hangs;
      await clock.advance(3000);
      answer({ connections: [], problems: [] });
      await clock.advance(0);
      assert.deepEqual(await file.read(), { connections: [], problems: [] });
      assert.equal(reads, 2, 'the late answer is not thrown away');
    });
  });

  it('never blocks the threads that all other files are read with (leapp#240)', async function () {
    if (!hasNamedPipes) {
      this.skip();
    }
    makeNamedPipe(path);
    // What opens a pipe without care blocks a thread, as a file system does that has gone silent.
    const careless = async (from: AwsPaths): Promise<AwsConfig> => {
      reads += 1;
      await readFile(from.config);
      return { connections: [], problems: [] };
    };
    file = new AwsConfigFiles(paths, new BoundedQueue(systemClock, 50), careless);
    for (let times = 0; times < 16; times += 1) {
      assert.match(inEnglish((await file.read()).problems[0]?.message ?? ''), /didn't respond/);
    }
    assert.equal(reads, 1);
    await writeFile(join(folder, 'other'), 'read');
    assert.equal(await readFile(join(folder, 'other'), 'utf8'), 'read');
    // Somebody writes to the pipe: the read ends.
    await writeFile(path, '');
    const config = await eventually('the file is read without problems', async () => {
      const read = await file.read();
      return read.problems.length === 0 ? read : undefined;
    });
    assert.deepEqual(config, { connections: [], problems: [] });
  });

  it('is read again after a reader that failed', async () => {
    await writeFile(path, session('acme'));
    let fails = true;
    file = new AwsConfigFiles(paths, disk, (from) =>
      fails ? Promise.reject(new Error('injected')) : readAwsConfig(from, {}),
    );
    await assert.rejects(file.read(), { message: 'injected' });
    fails = false;
    assert.deepEqual(await names(), ['acme']);
  });
});
