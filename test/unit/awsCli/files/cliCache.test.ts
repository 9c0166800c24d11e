import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import {
  cliCacheFileName,
  formatCliToken,
  parseCliFile,
  readCliFile,
  removeCliToken,
  writeCliToken,
} from '../../../../src/awsCli/files/cliCache.ts';
import type { CliToken } from '../../../../src/awsCli/files/cliCache.ts';

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

const ACME = cliCacheFileName('acme');
const OTHER = cliCacheFileName('other');
const parseCliToken = (content: string): CliToken | undefined => {
  const parsed = parseCliFile(content, 0);
  return parsed.kind === 'token' ? parsed.token : undefined;
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
    await writeCliToken(folder, ACME, token);
    const content = await readCliFile(folder, ACME);
    assert(content.kind === 'token');
    assert.deepEqual(content.token, { ...token, expiresAt: Date.UTC(2026, 10, 24, 9, 30, 15) });
    assert.equal(content.writtenAt, (await stat(join(folder, ACME))).mtimeMs);
  });

  it('takes a token that cannot be renewed, and one from an older AWS CLI', () => {
    const { renewal: _, ...legacy } = token;
    assert.equal(parseCliToken(formatCliToken(legacy))?.renewal, undefined);
    const older = formatCliToken(legacy).replace('15Z', '15UTC');
    assert.equal(parseCliToken(older)?.expiresAt, Date.UTC(2026, 10, 24, 9, 30, 15));
  });

  for (const [tool, written, atMs = 0] of [
    ['the AWS CLI', '2026-11-24T09:30:15Z'],
    ['an older AWS CLI', '2026-11-24T09:30:15UTC'],
    ['the AWS SDK for JavaScript', '2026-11-24T09:30:15.123Z', 123],
    ['the AWS SDK for Go', '2026-11-24T11:30:15+02:00'],
    ['the AWS SDK for Go, with a fraction', '2026-11-24T05:00:15.123456789-04:30', 123],
    ['the AWS SDK for Ruby', '2026-11-24 10:30:15 +0100'],
    ['the AWS SDK for Ruby, in UTC', '2026-11-24 09:30:15 UTC'],
    ['boto3', '2026-11-24T09:30:15+00:00'],
  ] as const) {
    it(`reads a date as ${tool} writes it, and writes it as the AWS CLI does`, () => {
      const read = parseCliToken(
        formatCliToken(token).replaceAll(/2026-11-24T09:30:15Z|2027-02-22T08:00:00Z/g, written),
      );
      const expected = Date.UTC(2026, 10, 24, 9, 30, 15) + atMs;
      assert.deepEqual([read?.expiresAt, read?.renewal?.registrationExpiresAt], [expected, expected]);
      assert.match(formatCliToken(read ?? token), /"expiresAt":"2026-11-24T09:30:15Z"/);
    });
  }

  const contents: readonly (readonly [content: string, kind: string])[] = [
    ['', 'unreadable'],
    [formatCliToken(token).slice(0, -1), 'unreadable'],
    ['{"clientId": "x", "clientSecret": "y", "expiresAt": "2026-11-24T09:30:15Z"}', 'none'],
    ['{}', 'none'],
    ['[]', 'none'],
    ['null', 'none'],
    ['{"accessToken": ""}', 'none'],
    ['{"accessToken": "x"}', 'foreign'],
    [formatCliToken(token).replace('2026-11-24T', 'soon'), 'foreign'],
    [formatCliToken(token).replace('"eu-west-1"', '5'), 'token'],
    ['{"accessToken": "x", "expiresAt": "2026-11-24T09:30:15Z"}', 'token'],
  ];
  for (const [content, kind] of contents) {
    it(`says of ${content === '' ? 'an empty file' : content} that it is: ${kind}`, async () => {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, ACME), content);
      assert.equal((await readCliFile(folder, ACME)).kind, kind);
    });
  }

  it('has no sign-in where there is no file', async () => {
    assert.deepEqual(await readCliFile(folder, ACME), { kind: 'none' });
  });

  it('survives any content', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (content) => void parseCliToken(content)));
  });

  it('is for its owner only, even where a file of everybody was', async function () {
    if (process.platform === 'win32') {
      this.skip();
    }
    await mkdir(folder, { recursive: true });
    const file = join(folder, ACME);
    await writeFile(file, 'old');
    await chmod(file, 0o666);
    await writeCliToken(folder, ACME, token);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it('is never seen half written by another reader', async () => {
    await writeCliToken(folder, ACME, token);
    const writing = (async () => {
      for (let round = 0; round < 50; round += 1) {
        await writeCliToken(folder, ACME, { ...token, accessToken: 'x'.repeat(1 + round * 1000) });
      }
      return 'written';
    })();
    let reads = 0;
    while ((await Promise.race([writing, setImmediate('writing')])) === 'writing') {
      assert.equal((await readCliFile(folder, ACME)).kind, 'token', `read ${reads}`);
      reads += 1;
    }
    assert.ok(reads > 0, 'nothing was read meanwhile');
  });

  it('is touched in the named file only', async () => {
    await writeCliToken(folder, OTHER, token);
    await writeFile(join(folder, 'registration.json'), '{}');
    await writeCliToken(folder, ACME, token);
    await removeCliToken(folder, ACME);
    await removeCliToken(folder, ACME);
    const left = (await readdir(folder)).toSorted();
    assert.deepEqual(left, [OTHER, 'registration.json'].toSorted());
  });

  it('keeps the old file and leaves no other behind when writing fails', async () => {
    const file = join(folder, ACME);
    await mkdir(join(file, 'in the way'), { recursive: true });
    await assert.rejects(writeCliToken(folder, ACME, token), { syscall: 'rename' });
    assert.deepEqual(await readdir(folder), [ACME]);
  });

  it('leaves nothing of a window that died over writing it, once it is written again, but what may be in progress', async () => {
    const left = (age: string): string => join(folder, `${ACME}.${age}.tmp`);
    await mkdir(folder, { recursive: true });
    await writeFile(left('dead'), formatCliToken(token));
    await writeFile(left('alive'), formatCliToken(token));
    const longAgo = Date.now() / 1000 - 120;
    await utimes(left('dead'), longAgo, longAgo);
    await writeCliToken(folder, ACME, token);
    assert.deepEqual((await readdir(folder)).toSorted(), [ACME, `${ACME}.alive.tmp`].toSorted());
  });

  it('leaves nothing of a window that died over writing it, once it is taken away', async () => {
    const died = (name: string): Promise<void> =>
      writeFile(join(folder, `${name}.0b7a8f7e-5d0a-4c51-9a9e-2f6c1d3e4b5a.tmp`), formatCliToken(token));
    await writeCliToken(folder, OTHER, token);
    await died(ACME);
    await died(OTHER);
    await removeCliToken(folder, ACME);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith(ACME)),
      [],
    );
    assert.equal((await readdir(folder)).length, 2);
    await removeCliToken(folder, OTHER);
    assert.deepEqual(await readdir(folder), []);
    await rm(folder, { recursive: true });
    await removeCliToken(folder, ACME);
  });

  it('is read by the AWS SDK', async () => {
    await writeCliToken(folder, ACME, token);
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
