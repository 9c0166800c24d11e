import assert from 'node:assert/strict';
import { get } from 'node:http';

import { eventually } from '../../support/eventually.ts';
import { PLACE_TITLES } from '../places/places.ts';
import { installedVersion } from '../places/versions.ts';
import { RoleScene } from './roleScene.ts';
import { assertRole } from './rows.ts';
import { ROLE_TOOLS } from './tools.ts';
import type { RoleTool } from './tools.ts';

/** How long credentials live in these tests, and how much longer a command runs; seconds. */
const SHORT_S = 6;
const LONG_CALLS = 15;
const PROCESSES = 40;

const find = (name: string, place: RoleTool['place']): RoleTool => {
  const tool = ROLE_TOOLS.find((candidate) => candidate.name === name && candidate.place === place);
  assert.ok(tool !== undefined);
  return tool;
};
const GO_V2 = find('AWS SDK for Go v2', 'sid');
const JAVASCRIPT_V3 = find('AWS SDK for JavaScript v3', 'npm');
const AWS_CLI = find('AWS CLI 2', 'sid');
/** Those that ask the endpoint themselves, and one that has a program of ours ask it. */
const LONG_RUNNING = [JAVASCRIPT_V3, find('boto3', 'sid'), GO_V2, find('AWS SDK for Ruby', 'sid')];

/** The status of what the terminal's endpoint answers to whoever has its token; `undefined` where nothing answers. */
function ask({
  AWS_CONTAINER_CREDENTIALS_FULL_URI: url = '',
  AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization = '',
}: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((resolve) => {
    get(url, { headers: { authorization }, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', () => resolve(undefined));
  });
}

async function skipUnlessInstalled(context: Mocha.Context, tool: RoleTool): Promise<void> {
  if ((await installedVersion(tool)) === undefined) {
    console.log(`    skipped: ${tool.package} is not installed (${PLACE_TITLES[tool.place]})`);
    context.skip();
  }
}

describe('In a role terminal', function () {
  this.timeout(300_000);

  for (const tool of LONG_RUNNING) {
    it(`a command of ${tool.name} runs longer than credentials live (aws-vault#24, granted#263)`, async function () {
      await skipUnlessInstalled(this, tool);
      await using scene = await RoleScene.open(tool.place, { home: 'empty', credentialsS: SHORT_S });
      await scene.prepare(tool);
      const run = await scene.run(tool, {}, LONG_CALLS);
      assertRole(run, tool);
      assert.equal(run.calls, LONG_CALLS);
      assert.ok(scene.credentialsRequests >= LONG_CALLS / SHORT_S, `${scene.credentialsRequests} requests`);
    });
  }

  it(`${PROCESSES} processes at once cost one request to AWS (granted#637)`, async function () {
    await skipUnlessInstalled(this, GO_V2);
    await using scene = await RoleScene.open(GO_V2.place, { home: 'otherAccount' });
    await scene.prepare(GO_V2);
    const runs = await Promise.all(Array.from({ length: PROCESSES }, () => scene.run(GO_V2)));
    assert.deepEqual(
      runs.filter(({ exitCode }) => exitCode !== 0),
      [],
    );
    assert.equal(scene.center.signedCalls.length, PROCESSES);
    assert.equal(scene.credentialsRequests, 1);
  });

  it('a sign-in that ends is told in the terminal and in the editor, and the terminal works again after another', async function () {
    await skipUnlessInstalled(this, AWS_CLI);
    await using scene = await RoleScene.open(AWS_CLI.place, { home: 'empty' });
    assertRole(await scene.run(AWS_CLI), AWS_CLI);

    await scene.endSignIn();
    const ended = await scene.run(AWS_CLI);
    assert.deepEqual([ended.seen, ended.exitCode === 0], ['nobody', false]);
    assert.match(ended.output, /Your AWS SSO sign-in has ended\. Choose Sign In Again in VS Code/);
    assert.match(scene.window.shown.join('\n'), /refused to renew this session/);

    await scene.signIn();
    assertRole(await scene.run(AWS_CLI), AWS_CLI);
  });

  describe('the token is dead at once', () => {
    let scene: RoleScene;

    beforeEach(async function () {
      await skipUnlessInstalled(this, JAVASCRIPT_V3);
      scene = await RoleScene.open('npm', { home: 'empty', credentialsS: SHORT_S });
      await scene.prepare(JAVASCRIPT_V3);
      assert.equal(await ask(scene.environment), 200);
    });
    afterEach(() => scene[Symbol.asyncDispose]());

    const saysWhy = async (words: RegExp): Promise<void> => {
      const { seen, exitCode } = await scene.run(JAVASCRIPT_V3);
      assert.deepEqual([seen, exitCode === 0], ['nobody', false]);
      assert.match(await scene.runCredentialProcess(), words);
    };

    it('when the user signs out', async () => {
      await scene.window.signOut();
      assert.equal(await ask(scene.environment), 401);
      await saysWhy(/signed out/);
    });

    it('when the role is taken away, from when the service has said so', async () => {
      scene.takeRoleAway();
      await eventually(
        'the extension has heard of it',
        () => scene.window.shown.some((text) => text.includes('no longer lets you use')) || undefined,
      );
      assert.equal(await ask(scene.environment), 403);
      await saysWhy(/no longer lets you use this role/);
    });

    it('when the terminal is closed, and another one of the same role works on', async () => {
      const { environment: closed } = scene;
      await scene.window.closeTerminals();
      assert.equal(await ask(closed), undefined);
      await scene.openTerminal();
      assert.equal(await ask(scene.environment), 200);
      assert.notEqual(await ask(closed), 200);
    });

    it('when the extension host is restarted, whatever it is that listens there then', async () => {
      const { environment: old } = scene;
      await scene.restartWindow();
      assert.equal(await ask(old), undefined);
      await saysWhy(/no longer answers for this role/);
      await scene.openTerminal();
      assert.equal(
        await ask({
          ...scene.environment,
          AWS_CONTAINER_AUTHORIZATION_TOKEN: old['AWS_CONTAINER_AUTHORIZATION_TOKEN'] ?? '',
        }),
        401,
      );
    });
  });
});
