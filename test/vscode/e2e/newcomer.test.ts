import assert from 'node:assert/strict';
import { openSceneWithAws } from './awsBehindProxy.ts';
import { oneJourney } from './journey.ts';
import { awaitAccounts, type Scene } from './scene.ts';

const START_URL_TITLE = /Sign In to AWS: Start URL/;
const REGION_TITLE = /Sign In to AWS: Region/;
const ACCOUNT = 'd-1234567890';

/** What AWS sends to a new user, in our words. */
const INVITATION = `Hello Jane,
your organization uses AWS IAM Identity Center. Accept the invitation within seven days:
https://us-east-1.signin.aws/platform/login?workflowStateHandle=0000
Your AWS access portal URL: https://d-1234567890.awsapps.com/start
Your user name: jane@example.com`;

async function startSignIn({ editor }: Scene): Promise<void> {
  await editor.awaitAccountsMenu((labels) =>
    labels.some((label) => label.startsWith('Sign in with AWS SSO')),
  );
  await editor.chooseInMenu(/Sign in with AWS SSO/);
}

describe('A new user, who has no connection and only the email with the start URL', () => {
  oneJourney();

  let scene: Scene;

  before(async () => {
    scene = await openSceneWithAws('start-url-alone');
  });
  after(() => scene?.close());

  it('pastes it whole, and is asked for nothing else before the code', async () => {
    const { editor } = scene;
    await startSignIn(scene);
    await editor.paste(START_URL_TITLE, INVITATION);
    await editor.screenshot('pasted');
    await editor.page.keyboard.press('Enter');
    // The code comes once all questions are answered.
    await editor.userCode.waitFor();
    await editor.screenshot('user-code');
  });

  it('is signed in where the page of the access portal says that it is', async () => {
    const { editor, identityCenter } = scene;
    await identityCenter.approve(await editor.readUserCode());
    await editor.userCode.waitFor({ state: 'detached' });
    await awaitAccounts(scene, ACCOUNT);
    await editor.screenshot('signed-in');
    assert.deepEqual(scene.readSettings()['awsSso.connections'], [
      { name: ACCOUNT, startUrl: identityCenter.startUrl, region: 'us-east-1' },
    ]);
  });
});

describe('A new user who mistypes the start URL', () => {
  oneJourney();

  let scene: Scene;

  before(async () => {
    scene = await openSceneWithAws('newcomer');
  });
  after(() => scene?.close());

  it('is asked for it from the Accounts menu, and sees what is wrong with another address', async () => {
    const { editor } = scene;
    await startSignIn(scene);
    await editor.enter(START_URL_TITLE, 'https://eu-west-1.console.aws.amazon.com/console/home');
    await editor.quickInput(/isn't the AWS access portal, but a page that it leads to/).waitFor();
    await editor.screenshot('wrong-address');
  });

  it('picks the region from a list with names where no page includes it', async () => {
    const { editor } = scene;
    await editor.enter(START_URL_TITLE, 'https://d-6666666666.awsapps.com/start');
    await editor.quickInput(REGION_TITLE).waitFor();
    await editor.screenshot('regions');
    await editor.quickInput(/US East \(N\. Virginia\)/).waitFor();
    await editor.pickEntry('us-east-1').click();
  });

  it('sees before a browser opens that there is no such Identity Center, and corrects the start URL (aws-toolkit-vscode#3009)', async () => {
    const { editor, identityCenter } = scene;
    await editor.dialog
      .filter({ hasText: 'No IAM Identity Center found with this start URL in us-east-1' })
      .waitFor();
    await editor.screenshot('no-such-identity-center');
    assert.match(await editor.dialog.innerText(), /Request ID: [\w-]+\. Check both with your administrator/s);
    await editor.dialog.getByRole('button', { name: 'Edit Start URL' }).click();
    await editor.enter(START_URL_TITLE, `  ${identityCenter.startUrl}/#/ `);
    await editor.userCode.waitFor();
    await editor.screenshot('user-code');
    await identityCenter.approve(await editor.readUserCode());
    await awaitAccounts(scene, ACCOUNT);
  });
});
