import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import { systemClock } from '../../../../src/common/clock.ts';
import { programOutput } from '../../../../src/common/programs/programOutput.ts';
import { ShellCheck } from '../../../../src/roles/shell/shellCheck.ts';
import {
  roleTerminalEnvironment,
  windowTerminalEnvironment,
} from '../../../../src/roles/terminal/environment.ts';
import { isAlive } from '../../support/processes.ts';
import { eventually } from '../../../support/eventually.ts';

const SCRIPT = new URL('../../../../src/roles/shell/shellVariables.ts', import.meta.url).pathname;
const run = promisify(execFile);
const GIVEN = roleTerminalEnvironment(
  {
    url: 'http://127.0.0.1:1234/credentials/abc',
    token: 'the token',
    region: 'eu-central-1',
    configFile: '/storage/roles/config',
    credentialsFile: '/storage/credentials',
  },
  {},
);

function find(shell: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, shell)).find((file) => existsSync(file));
}

describe('the startup files of the shell in a role terminal', function () {
  this.timeout(60_000);
  const { signal } = new AbortController();
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "it's a home-"));
    await mkdir(join(home, '.config', 'fish'), { recursive: true });
  });

  afterEach(() => rm(home, { recursive: true }));

  function check(shell: string, variables: Readonly<Record<string, string>> = {}): ShellCheck {
    return new ShellCheck({
      shell: () => shell,
      program: { executable: process.execPath, script: SCRIPT },
      platform: 'linux',
      inherited: () => ({ PATH: process.env['PATH'], HOME: home, AWS_PROFILE: 'inherited', ...variables }),
      home,
      clock: systemClock,
      output: programOutput,
    });
  }

  for (const [shell, file, set] of [
    ['bash', '.bashrc', (name: string, value: string) => `export ${name}=${value}`],
    ['zsh', '.zshrc', (name: string, value: string) => `export ${name}=${value}`],
    [
      'fish',
      join('.config', 'fish', 'config.fish'),
      (name: string, value: string) => `set -gx ${name} ${value}`,
    ],
  ] as const) {
    describe(`of ${shell}`, () => {
      let path: string;

      before(function () {
        path = find(shell) ?? this.skip();
      });

      it('are no matter where they set nothing that counts', async () => {
        await writeFile(join(home, file), `${set('EDITOR', 'vi')}\necho '{"names":["AWS_PROFILE"]}'\n`);
        assert.equal(await check(path).overridden(GIVEN, signal), undefined);
      });

      it('are told by the names of what they set, and corrected', async () => {
        const secret = 'wJalrXUtnFEMI/K7MDENG';
        const lines = [
          set('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE'),
          set('AWS_SECRET_ACCESS_KEY', secret),
          set('AWS_PROFILE', 'mistyped'),
          set('AWS_REGION', 'us-east-1'),
        ];
        // As many do it, in a file that the startup file reads.
        await writeFile(join(home, 'aws-settings'), `${lines.join('\n')}\n`);
        await writeFile(join(home, file), `. ~/aws-settings\n`);
        const found = await check(path).overridden(GIVEN, signal);
        assert.deepEqual(found?.names.toSorted(), [
          'AWS_ACCESS_KEY_ID',
          'AWS_PROFILE',
          'AWS_REGION',
          'AWS_SECRET_ACCESS_KEY',
        ]);
        assert.ok(!JSON.stringify(found).includes(secret));
        const { stdout } = await run(path, ['-i', '-c', `${found?.correction}; env`], {
          env: { PATH: process.env['PATH'], HOME: home },
        });
        assert.match(stdout, /^AWS_REGION=eu-central-1$/m);
        assert.doesNotMatch(stdout, /^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|PROFILE)=/m);
      });
    });
  }

  it('are told too by what only single tools take credentials from, except what the terminal inherits', async function () {
    const path = find('bash') ?? this.skip();
    const names = [
      'AMAZON_ACCESS_KEY_ID',
      'AWSACCESSKEYID',
      'AWS_BEARER_TOKEN_BEDROCK',
      'AWS_DEV_PROFILE',
      'CPL_AWS_CREDENTIALS_FILE',
    ];
    await writeFile(
      join(home, '.bashrc'),
      [...names, 'AWS_PAGER', 'AWS_INHERITED_PROFILE'].map((name) => `export ${name}=other\n`).join(''),
    );
    const given = { ...GIVEN, CPL_AWS_CREDENTIALS_FILE: '/storage/roles/credentials' };
    const found = await check(path, { AWS_INHERITED_PROFILE: 'inherited' }).overridden(given, signal);
    assert.deepEqual(found?.names.toSorted(), names);
    assert.match(found?.correction ?? '', /unset AWSACCESSKEYID(?:;|$)/);
  });

  it('are no matter in a window with a role where they set what selects no credentials before its profile does', async function () {
    const path = find('bash') ?? this.skip();
    const harmless = ['AWS_ROLE_SESSION_NAME', 'AWS_ROLE_ARN', 'AWS_SESSION_TOKEN'];
    const winning = ['AWS_BEARER_TOKEN_BEDROCK', 'AWS_WEB_IDENTITY_TOKEN_FILE'];
    const given = windowTerminalEnvironment({ AWS_CONFIG_FILE: '/storage/roles/config' });
    for (const names of [harmless, [...harmless, ...winning]]) {
      await writeFile(join(home, '.bashrc'), names.map((name) => `export ${name}=other\n`).join(''));
      const found = await check(path).overridden(given, signal);
      assert.deepEqual(found?.names.toSorted() ?? [], names === harmless ? [] : winning);
    }
  });

  it('that never end are ended, with what they have started', async function () {
    const path = find('bash') ?? this.skip();
    await writeFile(join(home, '.bashrc'), 'sleep 1000 & echo $! > ~/pid; wait\n');
    const controller = new AbortController();
    const checking = check(path).overridden(GIVEN, controller.signal);
    const pid = await eventually('it has begun', async () => {
      const text = await readFile(join(home, 'pid'), 'utf8').catch(() => '');
      return text.endsWith('\n') ? Number(text) : undefined;
    });
    controller.abort(new Error('The window closes.'));
    assert.equal(await checking, undefined);
    await eventually('what they have started has ended', () => !isAlive(pid) || undefined);
  });

  it('leave the user alone in a shell that is not known, or not there', async () => {
    assert.equal(await check('C:\\Windows\\System32\\cmd.exe').overridden(GIVEN, signal), undefined);
    assert.equal(await check(join(home, 'bash')).overridden(GIVEN, signal), undefined);
  });
});
