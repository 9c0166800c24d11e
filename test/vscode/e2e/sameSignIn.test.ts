import assert from 'node:assert/strict';
import { eventually } from '../../support/eventually.ts';
import { lastSession, requestSession } from './consumer.ts';
import { Editor } from './editor.ts';
import { oneJourney } from './journey.ts';
import { approve, awaitAccounts, isSignedOutByUser, openScene, type Scene } from './scene.ts';

const SCOPES = ['sso:account:access'];

describe('One user who is asked to sign in twice', () => {
  oneJourney();

  let scene: Scene;
  let second: Editor;

  before(async () => {
    scene = await openScene('same-sign-in');
  });
  after(async () => {
    await second?.leave();
    await scene?.close();
  });

  it('sees one code when an extension asks for the sign-in in progress, and both get one account (vscode#152764)', async () => {
    const { editor, identityCenter } = scene;
    await editor.run('AWS SSO: Sign In');
    await editor.userCode.waitFor();
    await requestSession(scene, SCOPES);
    await approve(scene);
    const session = await eventually('the extension has a session', () => lastSession(scene));
    assert.equal(session.account.label, 'embedded');
    const codes = identityCenter.requests.records.filter(({ path }) => path === '/device_authorization');
    assert.equal(codes.length, 1);
    await awaitAccounts(scene, 'embedded');
  });

  it('says whether it is the same account when nothing else can tell, and stays one account', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Sign In');
    await editor.pickEntry('embedded').waitFor();
    await editor.screenshot('which-account');
    await editor.pickEntry('embedded').click();
    await editor.userCode.waitFor();
    await approve(scene);
    await awaitAccounts(scene, 'embedded');
  });

  it('can end a second sign-in with Sign Out without losing the first', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Sign In');
    await editor.pickEntry('embedded').click();
    await editor.userCode.waitFor();
    await editor.run('AWS SSO: Sign Out');
    await editor.pickEntry('Cancel Sign-In to embedded').waitFor();
    await editor.screenshot('sign-out-choices');
    await editor.pickEntry('Cancel Sign-In to embedded').click();
    await editor.userCode.waitFor({ state: 'detached' });
    await editor.awaitNoToast();
    await awaitAccounts(scene, 'embedded');
    await editor.run('AWS SSO: Sign Out');
    await editor.awaitAccountsMenu(isSignedOutByUser);
    await editor.closeMenu();
  });

  it('confirms one of two codes in two windows, and is signed in to both with one account (aws-toolkit-visual-studio#190)', async () => {
    const { editor } = scene;
    second = new Editor(await scene.browser.newPage(), editor.screenshots);
    await second.open(editor.page.url());
    await second.run('AWS SSO: Sign In');
    await second.userCode.waitFor();
    await editor.page.bringToFront();
    await editor.run('AWS SSO: Sign In');
    await editor.userCode.waitFor();
    assert.notEqual(await editor.readUserCode(), await second.readUserCode());
    await approve(scene);
    await second.userCode.waitFor({ state: 'detached' });
    await awaitAccounts(scene, 'embedded');
    await second.awaitAccountsMenu((labels) => labels.includes('embedded (AWS SSO)'));
    await second.closeMenu();
    await second.awaitNoToast();
  });
});
