import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { BoundedQueue, WorkTimeout } from '../../../../src/common/boundedQueue.ts';
import { systemClock } from '../../../../src/common/clock.ts';
import { systemRandom } from '../../../../src/common/random.ts';
import { inEnglish } from '../../../../src/common/words.ts';
import { parseConfigText } from '../../../../src/connections/awsConfig/grammar.ts';
import type { Available } from '../../../../src/roles/credentials/credentialsSource.ts';
import { notNow, unavailable } from '../../../../src/roles/credentials/unavailable.ts';
import { CredentialsEndpoint } from '../../../../src/roles/endpoint/credentialsEndpoint.ts';
import type { RoleFilesParts } from '../../../../src/roles/terminal/roleFiles.ts';
import { RoleFiles } from '../../../../src/roles/terminal/roleFiles.ts';
import { httpServer } from '../../oidc/support.ts';

const run = promisify(execFile);
const SCRIPT = new URL('../../../../src/roles/terminal/credentialProcess.ts', import.meta.url).pathname;
const ROLE = { sessionId: 'acme', accountId: '111122223333', roleName: 'Developer' };

/** A disk that doesn't answer. */
async function hangingDisk(): Promise<BoundedQueue> {
  const disk = new BoundedQueue(systemClock, 1);
  await assert.rejects(
    disk.run(() => new Promise(() => undefined)),
    WorkTimeout,
  );
  return disk;
}

function roleFiles(home: string, different: Partial<RoleFilesParts> = {}): RoleFiles {
  return new RoleFiles({
    folder: join(home, 'storage', 'role-terminals'),
    own: () => ({ config: join(home, '.aws', 'config'), credentials: join(home, '.aws', 'credentials') }),
    program: { executable: process.execPath, script: SCRIPT },
    platform: 'linux',
    home: new BoundedQueue(systemClock, 5000),
    disk: new BoundedQueue(systemClock, 5000),
    tools: { clock: systemClock, random: systemRandom, rename },
    ...different,
  });
}

/** Those of a window with an `AWS_CONFIG_FILE` of its own, where the profile `prod` is a role of that name. */
async function filesOfClient(home: string, client: string): Promise<RoleFiles> {
  const config = join(home, client);
  await writeFile(config, `[profile prod]\nrole_arn = arn:aws:iam::111122223333:role/${client}\n`);
  return roleFiles(home, { own: () => ({ config, credentials: join(home, '.aws', 'credentials') }) });
}

async function refuseForWantOfSpace(): Promise<never> {
  throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
}

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: unknown;
}

/** Runs the `credential_process` of the configuration as the SDKs do that give it to a shell. */
async function runProcess(home: string, env: NodeJS.ProcessEnv): Promise<Ran> {
  const { configFile } = await roleFiles(home).write(new AbortController().signal);
  const { sections } = parseConfigText(await readFile(configFile, 'utf8'));
  const command = sections.get('default')?.get('credential_process') ?? assert.fail('there is none');
  return run('sh', ['-c', command], { env: { PATH: process.env['PATH'], ...env } }).then(
    ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
    ({ stdout, stderr, code }: Ran) => ({ stdout, stderr, code }),
  );
}

function environmentOf({ url, token }: { readonly url: string; readonly token: string }): NodeJS.ProcessEnv {
  return { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: token };
}

describe('the files of role terminals', () => {
  let home: string;
  const { signal } = new AbortController();

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "it's a home-"));
    await mkdir(join(home, '.aws'));
  });

  afterEach(() => rm(home, { recursive: true }));

  function ours(name: string): string {
    return join(home, 'storage', 'role-terminals', name);
  }

  it('are ours alone, where the user has none: what is made of their own later does not win', async () => {
    const { configFile, credentialsFile } = await roleFiles(home).write(signal);
    assert.equal(credentialsFile, ours('credentials'));
    const { sections } = parseConfigText(await readFile(configFile, 'utf8'));
    assert.deepEqual([...sections.keys()], ['default']);
    await writeFile(join(home, '.aws', 'credentials'), '# no profile\n');
    assert.equal((await roleFiles(home).write(signal)).credentialsFile, credentialsFile);
  });

  it('are for their owner, who can only read them: `aws configure` is refused, and not lost', async () => {
    const files = roleFiles(home);
    await files.write(signal);
    const { configFile, credentialsFile } = await files.write(signal);
    for (const file of [configFile, credentialsFile]) {
      assert.equal((await stat(file)).mode & 0o777, 0o400, file);
    }
    assert.equal((await stat(join(configFile, '..'))).mode & 0o777, 0o700);
  });

  it('hide the user’s credentials only where their default profile would win', async () => {
    const credentials = join(home, '.aws', 'credentials');
    await writeFile(credentials, '[work]\naws_access_key_id = AKIA\naws_secret_access_key = secret\n');
    assert.equal((await roleFiles(home).write(signal)).credentialsFile, credentials);
    await writeFile(credentials, '[default]\naws_access_key_id = AKIA\naws_secret_access_key = secret\n');
    const { configFile, credentialsFile } = await roleFiles(home).write(signal);
    for (const file of [configFile, credentialsFile]) {
      assert.doesNotMatch(await readFile(file, 'utf8'), /AKIA|secret/);
    }
    assert.match(await readFile(credentials, 'utf8'), /AKIA/);
  });

  for (const header of [' default ', 'profile default']) {
    it(`hide the user’s credentials where some tools read [${header}] as the default profile`, async () => {
      const credentials = join(home, '.aws', 'credentials');
      await writeFile(credentials, `[${header}]\naws_access_key_id = AKIA\naws_secret_access_key = secret\n`);
      const { credentialsFile } = await roleFiles(home).write(signal);
      assert.equal(credentialsFile, ours('credentials'));
    });
  }

  it('of a window with a role have its region, and are not those of the role terminals', async () => {
    const files = roleFiles(home);
    const terminal = await files.write(signal);
    const window = await files.write(signal, 'eu-west-1');
    assert.notEqual(window.configFile, terminal.configFile);
    assert.match(await readFile(window.configFile, 'utf8'), /region = eu-west-1/);
    assert.doesNotMatch(await readFile(terminal.configFile, 'utf8'), /region/);
  });

  it('follow the user’s own at each opening', async () => {
    const files = roleFiles(home);
    await files.write(signal);
    await writeFile(join(home, '.aws', 'config'), '[profile prod]\nregion = eu-west-1\n');
    const { configFile } = await files.write(signal);
    assert.match(await readFile(configFile, 'utf8'), /\[profile prod\]\nregion = eu-west-1/);
  });

  it('follow the user to other files of their own, so that no default profile wins from there', async () => {
    const other = join(home, 'other');
    await writeFile(other, '[work]\naws_access_key_id = AKIA\n');
    let own = { config: join(home, 'none'), credentials: other };
    const files = roleFiles(home, { own: () => own });
    assert.equal((await files.write(signal)).credentialsFile, other);
    await writeFile(other, '[default]\naws_access_key_id = AKIA\n');
    assert.equal((await files.write(signal)).credentialsFile, ours('credentials'));
    // Where VS Code finds more in the setting than we do, it may be anything.
    own = { ...own, credentials: '${workspaceFolder}/credentials' };
    assert.equal((await files.write(signal)).credentialsFile, ours('credentials'));
  });

  it('are made from those that each window’s AWS_CONFIG_FILE names, and stay so whatever another window has', async () => {
    const [acme, globex] = [await filesOfClient(home, 'acme'), await filesOfClient(home, 'globex')];
    for (const region of [undefined, 'eu-west-1']) {
      const { configFile } = await acme.write(signal, region);
      await globex.write(signal, region);
      assert.match(await readFile(configFile, 'utf8'), /role\/acme/);
      assert.equal((await acme.write(signal, region)).configFile, configFile);
    }
  });

  it('are the role, without the user’s own where these cannot be read or a network drive does not answer', async () => {
    await writeFile(join(home, '.aws', 'config'), '[profile prod]\nregion = eu-west-1\n');
    await writeFile(join(home, '.aws', 'credentials'), '[work]\naws_access_key_id = AKIA\n');
    const unreadable = { own: () => ({ config: home, credentials: home }) };
    const before = await roleFiles(home).write(signal);
    for (const different of [unreadable, { home: await hangingDisk() }]) {
      const { configFile, credentialsFile } = await roleFiles(home, different).write(signal);
      const { sections } = parseConfigText(await readFile(configFile, 'utf8'));
      assert.deepEqual([...sections.keys()], ['default']);
      assert.match(await readFile(credentialsFile, 'utf8'), /^# Made by/);
    }
    assert.match(await readFile(before.configFile, 'utf8'), /profile prod/, 'as of the terminals before');
  });

  it('are there on a disk that is full, where they were made before', async () => {
    const before = await roleFiles(home).write(signal);
    const tools = { clock: systemClock, random: systemRandom, rename: refuseForWantOfSpace };
    const onFullDisk = roleFiles(home, { tools });
    assert.deepEqual(await onFullDisk.write(signal), before);
    await writeFile(join(home, '.aws', 'config'), '[profile prod]\nregion = eu-west-1\n');
    await assert.rejects(onFullDisk.write(signal), { code: 'ENOSPC' });
  });

  it('keep nobody waiting where our own folder does not answer', async () => {
    await assert.rejects(roleFiles(home, { disk: await hangingDisk() }).write(signal), WorkTimeout);
  });

  describe('name a program as credential_process that', function () {
    this.timeout(20_000);

    let endpoint: CredentialsEndpoint;
    let answer: Available;
    let read: () => Available;

    beforeEach(async () => {
      read = () => answer;
      answer = {
        kind: 'available',
        credentials: { accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: 't', expiration: 2e12 },
      };
      endpoint = await CredentialsEndpoint.listen({
        read: async () => read(),
        localize: inEnglish,
        random: systemRandom,
      });
    });

    afterEach(() => endpoint.dispose());

    it('writes the credentials, whatever is preloaded into Node', async () => {
      const env = { ...environmentOf(endpoint.grant(ROLE)), NODE_OPTIONS: '--require /no/such/file.cjs' };
      const { stdout, code } = await runProcess(home, env);
      assert.equal(code, 0);
      assert.equal((JSON.parse(stdout) as { AccessKeyId: string }).AccessKeyId, 'ASIA');
    });

    it('says why there are none, and fails', async () => {
      answer = unavailable('needsSignIn');
      const { stdout, stderr, code } = await runProcess(home, environmentOf(endpoint.grant(ROLE)));
      assert.deepEqual([stdout, code], ['', 1]);
      assert.match(stderr, /Sign In Again/);
    });

    it('asks again for a few seconds where there are none just now, as after the machine slept', async () => {
      let asked = 0;
      read = () => ((asked += 1) < 3 ? notNow() : answer);
      const { code } = await runProcess(home, environmentOf(endpoint.grant(ROLE)));
      assert.deepEqual({ code, asked }, { code: 0, asked: 3 });
      read = () => notNow();
      const before = Date.now();
      const { stderr, code: failed } = await runProcess(home, environmentOf(endpoint.grant(ROLE)));
      assert.equal(failed, 1);
      assert.match(stderr, /aren't available right now/);
      assert.ok(Date.now() - before >= 4000);
    });

    it('says what to do where VS Code goes in the middle of its answer, and writes no part of it', async () => {
      await using server = await httpServer((_, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"AccessKeyId"', () => response.destroy());
      });
      const { stdout, stderr, code } = await runProcess(
        home,
        environmentOf({ url: server.url.href, token: 'token' }),
      );
      assert.deepEqual([stdout, code], ['', 1]);
      assert.equal(stderr, 'VS Code no longer answers for this role. Open a new role terminal.\n');
    });

    it('asks for the window’s role, and in a role terminal for that of the terminal', async () => {
      const terminal = environmentOf(endpoint.grant(ROLE));
      const grant = endpoint.grant(ROLE);
      const window = { AWS_SSO_WINDOW_ROLE_URL: grant.url, AWS_SSO_WINDOW_ROLE_TOKEN: grant.token };
      assert.equal((await runProcess(home, window)).code, 0);
      grant.dispose();
      assert.equal((await runProcess(home, window)).code, 1);
      assert.equal((await runProcess(home, { ...window, ...terminal })).code, 0);
    });

    it('asks for the window’s role where the variable of a terminal’s is empty', async () => {
      const { url, token } = endpoint.grant(ROLE);
      const window = { AWS_SSO_WINDOW_ROLE_URL: url, AWS_SSO_WINDOW_ROLE_TOKEN: token };
      const { code, stdout } = await runProcess(home, { ...window, AWS_CONTAINER_CREDENTIALS_FULL_URI: '' });
      assert.equal(code, 0);
      assert.equal((JSON.parse(stdout) as { AccessKeyId: string }).AccessKeyId, 'ASIA');
    });

    it('says what is wrong where startup files have set another endpoint, in a line', async () => {
      for (const url of ['https://127.0.0.1:1/credentials', 'http://169.254.170.2/v2/credentials', 'none']) {
        const { stderr, code } = await runProcess(home, environmentOf({ url, token: 'token' }));
        assert.deepEqual([stderr.split('\n').length, code], [2, 1], stderr);
        assert.match(stderr, /AWS_CONTAINER_CREDENTIALS_FULL_URI/);
      }
    });

    it('asks no proxy, whatever Node is told: neither the role’s terminal nor its window', async () => {
      const proxied: unknown[] = [];
      await using proxy = await httpServer(({ url }, response) => {
        proxied.push(url);
        response.end('{}');
      });
      const { url, token } = endpoint.grant(ROLE);
      for (const asked of [
        environmentOf({ url, token }),
        { AWS_SSO_WINDOW_ROLE_URL: url, AWS_SSO_WINDOW_ROLE_TOKEN: token },
      ]) {
        const env = { ...asked, NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy.url.href };
        const { stdout } = await runProcess(home, env);
        assert.equal((JSON.parse(stdout) as { AccessKeyId: string }).AccessKeyId, 'ASIA');
      }
      assert.deepEqual(proxied, []);
    });

    it('says what another program says that has the port by now, and fails', async () => {
      for (const text of ['null', '"no"', 'no']) {
        await using server = await httpServer((_, response) => response.writeHead(404).end(text));
        const { stderr, code } = await runProcess(
          home,
          environmentOf({ url: server.url.href, token: 'token' }),
        );
        assert.deepEqual([stderr, code], [`${text}\n`, 1]);
      }
    });

    it('says what to do once VS Code is gone, and outside a role terminal', async () => {
      const env = environmentOf(endpoint.grant(ROLE));
      endpoint.dispose();
      assert.match((await runProcess(home, env)).stderr, /Open a new role terminal/);
      const window = { AWS_SSO_WINDOW_ROLE_URL: 'http://127.0.0.1:1/', AWS_SSO_WINDOW_ROLE_TOKEN: 'x' };
      assert.match((await runProcess(home, window)).stderr, /Use Role in This Window/);
      assert.match((await runProcess(home, {})).stderr, /works only in a role terminal/);
    });
  });

  it('name a script on Windows, which cannot set a variable for one command', async () => {
    const { configFile } = await roleFiles(home, { platform: 'win32' }).write(signal);
    const { sections } = parseConfigText(await readFile(configFile, 'utf8'));
    const command = sections.get('default')?.get('credential_process') ?? '';
    const script = await readFile(command.slice(1, -1), 'utf8');
    assert.equal(
      script,
      `@set ELECTRON_RUN_AS_NODE=1\r\n@set NODE_OPTIONS=\r\n@"${process.execPath}" "${SCRIPT}"\r\n`,
    );
  });
});
