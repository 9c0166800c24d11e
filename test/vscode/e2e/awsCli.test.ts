import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cliTokenOf } from '../../../src/awsCli/cliTokens.ts';
import { writeCliToken } from '../../../src/awsCli/files/cliCache.ts';
import { deviceCodeFlow } from '../../../src/flows/deviceCode/deviceCode.ts';
import { eventually } from '../../support/eventually.ts';
import { flowContext, scriptedUser, SCOPES } from '../../unit/flows/support.ts';
import { oneJourney } from './journey.ts';
import { readEndToEndOptions } from './options.ts';
import { approve, openScene, type Scene } from './scene.ts';

const CLI_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

describe('A sign-in that is shared with the AWS CLI', () => {
  oneJourney();

  let scene: Scene;
  let file: string;

  before(async () => {
    const { awsPort: port } = readEndToEndOptions(process.env);
    scene = await openScene('aws-cli', { port }, (connection) => ({
      'awsSso.connections': [connection],
      'awsSso.shareWithAwsCli': true,
    }));
    const name = createHash('sha1').update(scene.identityCenter.startUrl).digest('hex');
    file = join(scene.home, '.aws', 'sso', 'cache', `${name}.json`);
  });
  after(() => scene?.close());

  function read(): Readonly<Record<string, string>> {
    return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
  }

  it("is in the AWS CLI's file as the AWS CLI writes it, for nobody else to read", async () => {
    const { editor, identityCenter } = scene;
    assert.ok(!existsSync(join(scene.home, '.aws')));
    await editor.run('AWS SSO: Sign In');
    await editor.userCode.waitFor();
    await approve(scene);
    await eventually(`there is ${file}`, () => existsSync(file) || undefined);
    const token = read();
    assert.deepEqual(Object.keys(token), [
      'startUrl',
      'region',
      'accessToken',
      'expiresAt',
      'clientId',
      'clientSecret',
      'registrationExpiresAt',
      'refreshToken',
    ]);
    assert.equal(token['startUrl'], identityCenter.startUrl);
    assert.equal(token['region'], 'us-east-1');
    assert.match(token['expiresAt'] ?? '', CLI_TIME);
    assert.match(token['registrationExpiresAt'] ?? '', CLI_TIME);
    assert.ok(await identityCenter.isTokenActive(token['accessToken'] ?? ''));
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('is there again after a refresh', async () => {
    const { editor, identityCenter } = scene;
    const { accessToken } = read();
    await editor.sessionsStatus.click();
    await editor.pickEntry('embedded').click();
    await editor.pickEntry('Refresh Now').click();
    const renewed = await eventually('the file has another token', () => {
      const token = read();
      return token['accessToken'] === accessToken ? undefined : token;
    });
    assert.ok(await identityCenter.isTokenActive(renewed['accessToken'] ?? ''));
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('is taken back when sharing is turned off, and there again when it is turned on', async () => {
    await toggleSharing();
    await eventually('the file is gone', () => !existsSync(file) || undefined);
    await toggleSharing();
    await eventually('the file is back', () => existsSync(file) || undefined);
    assert.ok(await scene.identityCenter.isTokenActive(read()['accessToken'] ?? ''));
  });

  it('is taken back at the next start when sharing was turned off while no window was open', async () => {
    const { editor } = scene;
    await editor.leave();
    await scene.restartServer();
    scene.changeSettings({ 'awsSso.shareWithAwsCli': false });
    assert.ok(existsSync(file), 'nobody was there to do it');
    await editor.open(readEndToEndOptions(process.env).editorUrl);
    await eventually('the file is gone', () => !existsSync(file) || undefined);
    await toggleSharing();
    await eventually('the file is back', () => existsSync(file) || undefined);
  });

  it('is removed completely after the sign-out', async () => {
    await scene.editor.run('AWS SSO: Sign Out');
    await eventually('the file is gone', () => !existsSync(file) || undefined);
    assert.deepEqual(readdirSync(join(scene.home, '.aws', 'sso', 'cache')), []);
  });

  it("leaves the AWS CLI's own sign-in alone, says so, and replaces it where the user wants that", async () => {
    const { editor } = scene;
    const own = await signInAsAwsCli();
    await editor.run('AWS SSO: Sign In');
    await editor.pickEntry('Sign In with the Browser').click();
    await editor.userCode.waitFor();
    await approve(scene);
    const keeps = editor.toast(/keeps using it/);
    await keeps.waitFor();
    assert.equal(read()['accessToken'], own);
    await keeps.getByText('Use This Sign-In Instead').click();
    await eventually('the AWS CLI has ours', () => read()['accessToken'] !== own || undefined);
    await editor.run('AWS SSO: Sign Out');
    await eventually('the file is gone', () => !existsSync(file) || undefined);
  });

  it("is the AWS CLI's own where the user wants that, and its file is updated at each refresh with sharing off", async () => {
    const { editor, identityCenter } = scene;
    await toggleSharing();
    const own = await signInAsAwsCli();
    await editor.run('AWS SSO: Sign In');
    await editor.pickEntry("Use the AWS CLI's Sign-In").click();
    await editor.sessionsStatus.click();
    await editor.pickEntry('embedded').click();
    await editor.pickEntry('Refresh Now').click();
    const token = await eventually('the AWS CLI has the new token', () => {
      const { accessToken = '' } = read();
      return accessToken === own ? undefined : accessToken;
    });
    assert.ok(await identityCenter.isTokenActive(token));
  });

  /** As somebody else's extension, or the user, does it while the editor is open. */
  function toggleSharing(): Promise<void> {
    return scene.editor.run('AWS Consumer: Toggle Sharing with the AWS CLI');
  }

  /** A sign-in as the AWS CLI makes it by itself. @returns its access token */
  async function signInAsAwsCli(): Promise<string> {
    const { identityCenter } = scene;
    const approving = scriptedUser({ showUserCode: ({ userCode }) => void identityCenter.approve(userCode) });
    const { signal } = new AbortController();
    const flow = deviceCodeFlow(flowContext());
    const issued = await flow(identityCenter.connection, SCOPES, approving, signal);
    await writeCliToken(dirname(file), basename(file), cliTokenOf(identityCenter.connection, issued));
    return issued.accessToken;
  }
});
