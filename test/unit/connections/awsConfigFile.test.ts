import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { inEnglish } from '../../../src/common/words.ts';
import { readAwsConfig } from '../../../src/connections/awsConfig.ts';
import { AwsConfigFile } from '../../../src/connections/awsConfigFile.ts';

const session = (name: string): string =>
  `[sso-session ${name}]\nsso_start_url = https://${name}.awsapps.com/start\nsso_region = eu-west-1\n`;

describe("the AWS CLI's configuration file", () => {
  let folder: string;
  let path: string;
  let reads: number;
  let file: AwsConfigFile;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aws-config-file-'));
    path = join(folder, 'config');
    reads = 0;
    file = new AwsConfigFile(path, (from) => {
      reads += 1;
      return readAwsConfig(from);
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

  it('reports what is there but cannot be read', async () => {
    const { problems } = await new AwsConfigFile(folder).read();
    assert.match(inEnglish(problems[0]?.message ?? ''), /cannot be read/);
  });
});
