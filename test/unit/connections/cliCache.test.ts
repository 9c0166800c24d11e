import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import {
  cliCacheFileName,
  formatCliToken,
  parseCliToken,
  readCliToken,
  removeCliToken,
  writeCliToken,
} from '../../../src/connections/cliCache.ts';
import type { CliToken } from '../../../src/connections/cliCache.ts';

const token: CliToken = {
  startUrl: 'https://acme.awsapps.com/start',
  region: 'eu-west-1',
  accessToken: 'access',
  expiresAt: Date.UTC(2026, 10, 24, 9, 30, 15, 900),
  renewal: {
    clientId: 'client',
    clientSecret: 'secret',
    registrationExpiresAt: Date.UTC(2027, 1, 22, 8, 0, 0),
    refreshToken: 'refresh',
  },
};

describe("the AWS CLI's token cache", () => {
  let home: string;
  let folder: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'cli-cache-'));
    folder = join(home, '.aws', 'sso', 'cache');
  });
  afterEach(() => rm(home, { recursive: true }));

  it("names a token's file after the SHA-1 of its key", () => {
    assert.equal(cliCacheFileName('acme'), '293abb6b76d7791c0732cc517d38c4b5c734b87f.json');
  });

  it('holds the members the AWS CLI v2 writes, with times in whole seconds', () => {
    assert.deepEqual(JSON.parse(formatCliToken(token)), {
      startUrl: 'https://acme.awsapps.com/start',
      region: 'eu-west-1',
      accessToken: 'access',
      expiresAt: '2026-11-24T09:30:15Z',
      clientId: 'client',
      clientSecret: 'secret',
      registrationExpiresAt: '2027-02-22T08:00:00Z',
      refreshToken: 'refresh',
    });
  });

  it('gives back what was written, to the second', async () => {
    await writeCliToken(folder, 'acme', token);
    assert.deepEqual(await readCliToken(folder, 'acme'), {
      ...token,
      expiresAt: Date.UTC(2026, 10, 24, 9, 30, 15),
    });
  });

  it('takes a token that cannot be renewed, and one from an older AWS CLI', () => {
    const { renewal: _, ...legacy } = token;
    assert.equal(parseCliToken(formatCliToken(legacy))?.renewal, undefined);
    const older = formatCliToken(legacy).replace('15Z', '15UTC');
    assert.equal(parseCliToken(older)?.expiresAt, Date.UTC(2026, 10, 24, 9, 30, 15));
  });

  it('has no sign-in where there is no file, half a file, or a registration', async () => {
    assert.equal(await readCliToken(folder, 'acme'), undefined);
    await mkdir(folder, { recursive: true });
    const registration = '{"clientId": "x", "clientSecret": "y", "expiresAt": "2026-11-24T09:30:15Z"}';
    for (const content of ['', formatCliToken(token).slice(0, -1), registration, '[]', 'null']) {
      await writeFile(join(folder, cliCacheFileName('acme')), content);
      assert.equal(await readCliToken(folder, 'acme'), undefined, content);
    }
  });

  for (const member of ['clientId', 'clientSecret', 'registrationExpiresAt', 'refreshToken']) {
    it(`is a sign-in that cannot be renewed where ${member} is empty or no text (netbird#838)`, () => {
      const { renewal: _, ...bare } = { ...token, expiresAt: Math.floor(token.expiresAt / 1000) * 1000 };
      for (const value of ['', null, 7, {}]) {
        const written = { ...(JSON.parse(formatCliToken(token)) as object), [member]: value };
        assert.deepEqual(parseCliToken(JSON.stringify(written)), bare);
      }
    });
  }

  it('has no sign-in with an empty token', () => {
    assert.equal(parseCliToken(formatCliToken({ ...token, accessToken: '' })), undefined);
  });

  it('has no sign-in with a time that is none', () => {
    assert.equal(parseCliToken(formatCliToken(token).replace('2026-11-24T', 'soon')), undefined);
  });

  it('survives any content', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (content) => void parseCliToken(content)));
  });

  it('is for its owner only, even where a file of everybody was', async function () {
    if (process.platform === 'win32') {
      this.skip();
    }
    await mkdir(folder, { recursive: true });
    const file = join(folder, cliCacheFileName('acme'));
    await writeFile(file, 'old');
    await chmod(file, 0o666);
    await writeCliToken(folder, 'acme', token);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it('is never seen half written by another reader', async () => {
    await writeCliToken(folder, 'acme', token);
    const writing = (async () => {
      for (let round = 0; round < 50; round += 1) {
        await writeCliToken(folder, 'acme', { ...token, accessToken: 'x'.repeat(1 + round * 1000) });
      }
      return 'written';
    })();
    let reads = 0;
    while ((await Promise.race([writing, setImmediate('writing')])) === 'writing') {
      assert.notEqual(await readCliToken(folder, 'acme'), undefined, `read ${reads}`);
      reads += 1;
    }
    assert.ok(reads > 0, 'nothing was read meanwhile');
  });

  it('is touched in the named file only', async () => {
    await writeCliToken(folder, 'other', token);
    await writeFile(join(folder, 'registration.json'), '{}');
    await writeCliToken(folder, 'acme', token);
    await removeCliToken(folder, 'acme');
    await removeCliToken(folder, 'acme');
    const left = (await readdir(folder)).toSorted();
    assert.deepEqual(left, [cliCacheFileName('other'), 'registration.json'].toSorted());
  });

  it('keeps the old file and leaves no other behind when writing fails', async () => {
    const file = join(folder, cliCacheFileName('acme'));
    await mkdir(join(file, 'in the way'), { recursive: true });
    await assert.rejects(writeCliToken(folder, 'acme', token), { syscall: 'rename' });
    assert.deepEqual(await readdir(folder), [cliCacheFileName('acme')]);
  });

  it('is read by the AWS SDK', async () => {
    await writeCliToken(folder, 'acme', token);
    await writeFile(
      join(home, '.aws', 'config'),
      `[sso-session acme]\nsso_start_url = ${token.startUrl}\nsso_region = eu-west-1\n[profile dev]\nsso_session = acme\n`,
    );
    const program = `
      const { getSSOTokenFromFile } = await import('@smithy/core/config');
      process.stdout.write(JSON.stringify(await getSSOTokenFromFile('acme')));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      env: { HOME: home, USERPROFILE: home },
    });
    assert.deepEqual(JSON.parse(stdout), JSON.parse(formatCliToken(token)));
  });
});
