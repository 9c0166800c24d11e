import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findCliRegistration } from '../../../../src/awsCli/files/cliRegistration.ts';

describe("a client among the AWS CLI's registrations", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cli-registration-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = (name: string, content: object | string): Promise<void> =>
    writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

  it('is found with the scopes that it may ask for', async () => {
    await write('one.json', { clientId: 'one', clientSecret: 'x', expiresAt: 'y' });
    await write('two.json', { clientId: 'two', clientSecret: 'x', expiresAt: 'y', scopes: ['a', 'b'] });
    assert.deepEqual(await findCliRegistration(folder, 'one'), {});
    assert.deepEqual(await findCliRegistration(folder, 'two'), { scopes: ['a', 'b'] });
  });

  it('is not one that is only beside a token', async () => {
    await write('token.json', { clientId: 'one', clientSecret: 'x', accessToken: 'y' });
    assert.equal(await findCliRegistration(folder, 'one'), undefined);
  });

  it('is looked for past all that is something else', async () => {
    await write('a.json', '');
    await write('b.json', '{"clientId": "one"');
    await write('c.json', '[]');
    await write('d.txt', { clientId: 'one' });
    await mkdir(join(folder, 'e.json'));
    assert.equal(await findCliRegistration(folder, 'one'), undefined);
    await write('f.json', { clientId: 'one' });
    assert.deepEqual(await findCliRegistration(folder, 'one'), {});
  });

  it('is not waited for where there is a pipe, which would not respond (leapp#240)', async function () {
    if (process.platform === 'win32') {
      this.skip();
    }
    execFileSync('mkfifo', [join(folder, 'pipe.json')]);
    assert.equal(await findCliRegistration(folder, 'one'), undefined);
  });

  it('is none where there is no folder', async () => {
    assert.equal(await findCliRegistration(join(folder, 'missing'), 'one'), undefined);
  });
});
