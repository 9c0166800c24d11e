import assert from 'node:assert/strict';
import { BUILDER_ID } from '../../../src/connections/startUrl/builderId.ts';
import { openSceneWithAws } from './awsBehindProxy.ts';
import { askSilently, nextAnswer, requestSession } from './consumer.ts';
import { oneJourney } from './journey.ts';
import { awaitAccounts, type Scene } from './scene.ts';

const START_URL_TITLE = /Sign In to AWS: Start URL/;
const COMPLETIONS = ['codewhisperer:completions'];

describe('A new user with an AWS Builder ID', () => {
  oneJourney();

  let scene: Scene;

  before(async () => {
    scene = await openSceneWithAws('builder-id', { startUrls: [BUILDER_ID.startUrl] });
  });
  after(() => scene?.close());

  it('finds it in the list, and hears before anything is sent that it has no AWS accounts', async () => {
    const { editor, identityCenter } = scene;
    await editor.run('AWS SSO: Sign In');
    await editor.quickInput(START_URL_TITLE).waitFor();
    await editor.screenshot('list');
    await editor.pickEntry('AWS Builder ID').click();
    await editor.dialog.filter({ hasText: 'An AWS Builder ID has no AWS accounts' }).waitFor();
    await editor.screenshot('no-aws-accounts');
    await editor.dialog.getByRole('button', { name: 'Edit Start URL' }).click();
    await editor.quickInput(START_URL_TITLE).waitFor();
    await editor.page.keyboard.press('Escape');
    assert.deepEqual(identityCenter.requests.records, []);
    assert.equal(scene.readSettings()['awsSso.connections'], undefined);
  });

  it('signs in from an extension, which asks for the scopes of its product, without a start URL or region (aws-toolkit-vscode#3847)', async () => {
    const { editor, identityCenter } = scene;
    await requestSession(scene, COMPLETIONS);
    await editor.pickEntry('AWS Builder ID').click();
    // The code comes once all questions are answered.
    await editor.userCode.waitFor();
    await editor.screenshot('user-code');
    await identityCenter.approve(await editor.readUserCode());
    const answer = await nextAnswer(scene, 0, COMPLETIONS);
    assert.deepEqual(answer?.session.scopes, COMPLETIONS);
    assert.equal(answer.session.account.label, BUILDER_ID.name);
    assert.deepEqual(scene.readSettings()['awsSso.connections'], [BUILDER_ID]);
    await awaitAccounts(scene, BUILDER_ID.name);
    await editor.screenshot('signed-in');
  });

  it('is not taken to it where an extension needs AWS accounts, though it is the only connection', async () => {
    const { editor, identityCenter } = scene;
    const { length } = identityCenter.requests.records;
    await editor.run('AWS SSO: Sign In');
    await editor.pickEntry('Add IAM Identity Center').waitFor();
    await editor.screenshot('only-connection');
    await editor.pickEntry('AWS Builder ID').click();
    await editor.toast(/can't grant access to AWS accounts/).waitFor();
    await editor.screenshot('only-connection-refused');
    assert.equal(identityCenter.requests.records.length, length);
    assert.equal(await askSilently(scene, ['sso:account:access']), null);
  });
});
