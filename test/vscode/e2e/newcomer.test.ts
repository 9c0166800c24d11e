import assert from 'node:assert/strict';
import { getLocal, type Mockttp } from 'mockttp';
import { createAuthority } from '../../network/service.ts';
import { oneJourney } from './journey.ts';
import { awaitAccounts, openScene, type Scene } from './scene.ts';

const START_URL_TITLE = /Sign In to AWS: Start URL/;
const REGION_TITLE = /Sign In to AWS: Region/;
const PORTAL = 'https://d-1234567890.awsapps.com';

/**
 * Without an `endpointUrl` the extension asks AWS's own hosts. So the way there leads through a company's proxy that
 * re-signs TLS, and behind which the embedded Identity Center is `oidc.us-east-1.amazonaws.com`. Its pages are then
 * AWS's too, which no test can open: the approval comes from the Identity Center itself.
 */
describe('A newcomer, who has no connection and only knows a start URL', () => {
  oneJourney();

  let proxy: Mockttp;
  let scene: Scene;

  before(async () => {
    proxy = getLocal({ https: await createAuthority('Company') });
    await proxy.start();
    scene = await openScene('newcomer', {}, () => ({
      'http.proxy': `http://127.0.0.1:${proxy.port}`,
      'http.proxyStrictSSL': false,
    }));
    const { identityCenter } = scene;
    await proxy
      .forAnyRequest()
      .forHostname('oidc.us-east-1.amazonaws.com')
      .thenForwardTo(identityCenter.url, {
        transformResponse: { matchReplaceBody: [[new RegExp(identityCenter.pageUrl, 'g'), PORTAL]] },
      });
  });
  after(async () => {
    await scene?.close();
    await proxy?.stop();
  });

  async function chooseRegion(): Promise<void> {
    await scene.editor.quickInput(REGION_TITLE).waitFor();
    await scene.editor.pickEntry('us-east-1').click();
  }

  it('is asked for it from the Accounts menu, and told what is wrong with another address', async () => {
    const { editor } = scene;
    await editor.awaitAccountsMenu((labels) =>
      labels.some((label) => label.startsWith('Sign in with AWS SSO')),
    );
    await editor.chooseInMenu(/Sign in with AWS SSO/);
    await editor.enter(START_URL_TITLE, 'https://eu-west-1.console.aws.amazon.com/console/home');
    await editor.quickInput(/is a page behind the AWS access portal/).waitFor();
    await editor.screenshot('wrong-address');
  });

  it('picks the region from a list with names', async () => {
    const { editor } = scene;
    await editor.enter(START_URL_TITLE, 'https://d-6666666666.awsapps.com/start');
    await editor.quickInput(REGION_TITLE).waitFor();
    await editor.screenshot('regions');
    await editor.quickInput(/US East \(N\. Virginia\)/).waitFor();
    await chooseRegion();
  });

  it('hears before a browser opens that there is no such Identity Center, and corrects the start URL (aws-toolkit-vscode#3009)', async () => {
    const { editor, identityCenter } = scene;
    await editor.dialog
      .filter({ hasText: 'No IAM Identity Center found with this start URL in us-east-1' })
      .waitFor();
    await editor.screenshot('no-such-identity-center');
    assert.match(await editor.dialog.innerText(), /request id [\w-]+\).*Check both with your administrator/s);
    await editor.dialog.getByRole('button', { name: 'Edit Start URL' }).click();
    await editor.enter(START_URL_TITLE, `  ${identityCenter.startUrl}/#/ `);
    await chooseRegion();
  });

  it('is signed in with the code, and the connection is in their settings', async () => {
    const { editor, identityCenter } = scene;
    await editor.userCode.waitFor();
    await editor.screenshot('user-code');
    await identityCenter.approve(await editor.readUserCode());
    await editor.userCode.waitFor({ state: 'detached' });
    await awaitAccounts(scene, 'd-1234567890');
    await editor.screenshot('signed-in');
    assert.deepEqual(scene.readSettings()['awsSso.connections'], [
      { name: 'd-1234567890', startUrl: identityCenter.startUrl, region: 'us-east-1' },
    ]);
  });
});
