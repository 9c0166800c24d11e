import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeCliRoleCredentials } from '../../../../src/awsCli/files/cliRoleCredentials.ts';

describe("the AWS CLI's credentials of roles", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cli-cache-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('go with the sign-in they came from; those of other origins stay, and so does what is none', async () => {
    const Credentials = { AccessKeyId: 'key', SecretAccessKey: 'secret', Expiration: '2100-01-01T00:00:00Z' };
    const files = {
      'sso.json': { ProviderType: 'sso', Credentials },
      'assumed.json': { ProviderType: 'assume-role', Credentials },
      'older.json': { Credentials },
      'notes.txt': { ProviderType: 'sso' },
    };
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, name), JSON.stringify(content));
    }
    await writeFile(join(folder, 'half.json'), '{"ProviderType": "sso"');
    await removeCliRoleCredentials(folder);
    assert.deepEqual((await readdir(folder)).toSorted(), [
      'assumed.json',
      'half.json',
      'notes.txt',
      'older.json',
    ]);
  });

  it('need not be there', async () => {
    await removeCliRoleCredentials(join(folder, 'missing'));
  });
});
