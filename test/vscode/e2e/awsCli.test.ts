import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { getLocal, type Mockttp } from 'mockttp';
import { createAuthority } from '../../network/service.ts';
import { oneJourney } from './journey.ts';
import { eventually, openScene, type Scene } from './scene.ts';

const PORTAL = 'https://d-1234567890.awsapps.com';
const CLI_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/**
 * Only what is reached by AWS's own hosts is shared. So the way there leads through a proxy behind which the embedded
 * Identity Center is those hosts; its pages are then AWS's too, and the approval comes from the Identity Center itself.
 */
describe('A sign-in that is shared with the AWS CLI', () => {
  oneJourney();

  let proxy: Mockttp;
  let scene: Scene;
  let file: string;

  before(async () => {
    proxy = getLocal({ https: await createAuthority('Company') });
    await proxy.start();
    scene = await openScene('aws-cli', {}, ({ endpointUrl: _own, ...connection }) => ({
      'awsSso.connections': [connection],
      'awsSso.shareWithAwsCli': true,
      'http.proxy': `http://127.0.0.1:${proxy.port}`,
      'http.proxyStrictSSL': false,
    }));
    const { identityCenter } = scene;
    for (const host of ['oidc.us-east-1.amazonaws.com', 'portal.sso.us-east-1.amazonaws.com']) {
      await proxy
        .forAnyRequest()
        .forHostname(host)
        .thenForwardTo(identityCenter.url, {
          transformResponse: { matchReplaceBody: [[new RegExp(identityCenter.pageUrl, 'g'), PORTAL]] },
        });
    }
    const name = createHash('sha1').update(scene.identityCenter.startUrl).digest('hex');
    file = join(scene.home, '.aws', 'sso', 'cache', `${name}.json`);
  });
  after(async () => {
    await scene?.close();
    await proxy?.stop();
  });

  function read(): Readonly<Record<string, string>> {
    return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
  }

  it("is in the AWS CLI's file as the AWS CLI writes it, for nobody else to read", async () => {
    const { editor, identityCenter } = scene;
    assert.ok(!existsSync(join(scene.home, '.aws')));
    await editor.run('AWS SSO: Sign In');
    await editor.userCode.waitFor();
    await identityCenter.approve(await editor.readUserCode());
    await editor.userCode.waitFor({ state: 'detached' });
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

  it('is there anew after a refresh', async () => {
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

  it('is gone without a trace after the sign-out', async () => {
    await scene.editor.run('AWS SSO: Sign Out');
    await eventually('the file is gone', () => !existsSync(file) || undefined);
    assert.deepEqual(readdirSync(join(scene.home, '.aws', 'sso', 'cache')), []);
  });
});
