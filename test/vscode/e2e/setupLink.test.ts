import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { openSceneWithAws } from './awsBehindProxy.ts';
import { oneJourney } from './journey.ts';
import { awaitAccounts, type Scene } from './scene.ts';

const EXTENSION = 'identity-center-tools.aws-sso-auth';
const PORTAL = 'https://d-1234567890.awsapps.com/start';
const TEAM_LINK = `vscode://${EXTENSION}/connect?startUrl=${PORTAL}&region=us-east-1&name=The%20A%20team`;
const CONNECTION = { name: 'The A team', startUrl: PORTAL, region: 'us-east-1' };

describe("A user who opens a team's setup link", () => {
  oneJourney();

  let scene: Scene;
  before(async () => {
    scene = await openSceneWithAws('setup-link');
  });
  after(() => scene?.close());

  /** The dialog that asks about the link. */
  async function offer(link: string): Promise<Locator> {
    const { editor } = scene;
    await editor.openLink(link);
    const dialog = editor.dialog.filter({ hasText: 'A link wants to add an IAM Identity Center' });
    await dialog.waitFor();
    return dialog;
  }

  it('sees a hostile name as nothing but text, and what else the link tries; nothing is sent or saved', async () => {
    const { editor, identityCenter } = scene;
    const name = encodeURIComponent('**acme** [x](command:workbench.action.quit) $(verified) <b>y</b>');
    const dialog = await offer(
      `vscode://${EXTENSION}/connect?startUrl=${PORTAL}&name=${name}&endpointUrl=https://evil.example`,
    );
    await editor.screenshot('hostile-name');
    const text = await dialog.innerText();
    assert.ok(text.includes('Name: **acme** [x] (command:workbench.action.quit) $(verified) <b>y</b>'), text);
    assert.match(text, /Ignored in the link: endpointUrl\./);
    assert.equal(await dialog.locator('a[data-href], .codicon-verified, b, strong').count(), 0);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(scene.readSettings()['awsSso.connections'], undefined);
    assert.deepEqual(identityCenter.requests.records, []);
  });

  it('is told of a host that AWS does not own', async () => {
    const { editor } = scene;
    const host = 'd-1234567890.awsapps.com.evil.example';
    const dialog = await offer(`vscode://${EXTENSION}/connect?startUrl=https://${host}/start`);
    await dialog.filter({ hasText: `${host} isn't owned by AWS.` }).waitFor();
    await editor.screenshot('other-host');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  it('is told why another link is refused', async () => {
    const { editor } = scene;
    await editor.openLink(`vscode://${EXTENSION}/signIn?startUrl=${PORTAL}`);
    await editor.toast(/AWS SSO can't open links to \/signIn/).waitFor();
    await editor.screenshot('refused');
  });

  it('sees what it would add, agrees, and signs in without typing anything (aws-toolkit-vscode#3820)', async () => {
    const { editor, identityCenter } = scene;
    const dialog = await offer(TEAM_LINK);
    await dialog.filter({ hasText: 'Region: us-east-1 (US East (N. Virginia))' }).waitFor();
    await editor.screenshot('offer');
    await dialog.getByRole('button', { name: 'Add and Sign In' }).click();
    await editor.toast(/is your code for The A team/).waitFor();
    await editor.screenshot('user-code');
    await identityCenter.approve(await editor.readUserCode());
    await awaitAccounts(scene, CONNECTION.name);
    assert.deepEqual(scene.readSettings()['awsSso.connections'], [CONNECTION]);
  });

  it('gets no second connection to the same Identity Center', async () => {
    const { editor } = scene;
    await editor.openLink(TEAM_LINK.replace('The%20A%20team', 'another'));
    await editor
      .toast(/You already have this IAM Identity Center\. It's the connection The A team/)
      .waitFor();
    await editor.screenshot('there-already');
    assert.deepEqual(scene.readSettings()['awsSso.connections'], [CONNECTION]);
  });

  it('can make the same link for others, who can add it without signing in', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Copy Setup Link');
    await editor.toast(/The setup link for The A team was copied/).waitFor();
    await editor.screenshot('copied');
    const link = await editor.readClipboard();
    // The scheme is that of the editor it is made in.
    assert.equal(link.replace(/^code-oss:/, 'vscode:'), TEAM_LINK);
    // The window of somebody else, with settings of their own.
    scene.changeSettings({ 'awsSso.connections': [] });
    await editor.reload();
    const dialog = await offer(link);
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await editor.toast(/The A team was added to your connections/).waitFor();
    await editor.screenshot('added');
    assert.deepEqual(scene.readSettings()['awsSso.connections'], [CONNECTION]);
  });
});
