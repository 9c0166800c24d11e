import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const MODULE = new URL('../../../src/oidc/awsCredentials.ts', import.meta.url).href;
const PROGRAM = `
  const { defaultCredentials } = await import('${MODULE}');
  const answer = await defaultCredentials().catch(({ message }) => ({ message }));
  console.log(JSON.stringify(answer));
`;

describe('the default credentials', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'aws-credentials-'))));
  after(() => rm(folder, { recursive: true }));

  /** What a process with this environment, and this AWS configuration, finds. */
  async function found(environment: Record<string, string>, config = ''): Promise<unknown> {
    const file = join(folder, 'config');
    await writeFile(file, config);
    const env = {
      PATH: process.env['PATH'],
      AWS_CONFIG_FILE: file,
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
      AWS_EC2_METADATA_DISABLED: 'true',
      ...environment,
    };
    const args = ['--input-type=module', '--eval', PROGRAM];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    return JSON.parse(stdout);
  }

  it('are those of the environment', async () => {
    const environment = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key', AWS_SESSION_TOKEN: 'token' };
    assert.deepEqual(await found(environment), {
      accessKeyId: 'id',
      secretAccessKey: 'key',
      sessionToken: 'token',
    });
  });

  it('are those of the profile', async () => {
    const profile = '[profile work]\naws_access_key_id = id\naws_secret_access_key = key\n';
    assert.deepEqual(await found({ AWS_PROFILE: 'work' }, profile), {
      accessKeyId: 'id',
      secretAccessKey: 'key',
    });
  });

  it('are those of a process', async () => {
    const answer = JSON.stringify({ Version: 1, AccessKeyId: 'id', SecretAccessKey: 'key' });
    const script = join(folder, 'process.mjs');
    await writeFile(script, `console.log(${JSON.stringify(answer)});`);
    const profile = `[default]\ncredential_process = "${process.execPath}" "${script}"\n`;
    assert.deepEqual(await found({}, profile), { accessKeyId: 'id', secretAccessKey: 'key' });
  });

  it('are an error where there are none', async () => {
    assert.deepEqual(await found({}), { message: 'Could not load credentials from any providers' });
  });
});
