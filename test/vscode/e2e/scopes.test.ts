import assert from 'node:assert/strict';
import { startIdentityCenter, type IdentityCenter } from '../../identity-center/server.ts';
import { askSilently, nextAnswer, requestSession } from './consumer.ts';
import { oneJourney } from './journey.ts';
import { approve, openScene, type Scene } from './scene.ts';

const KEYS = ['accessToken', 'account', 'id', 'idToken', 'scopes'];
const COMPLETIONS = ['codewhisperer:completions', 'sso:account:access'];

describe('Another extension', () => {
  oneJourney();

  let scene: Scene;
  let other: IdentityCenter;
  let completionsId: string | undefined;

  before(async () => {
    other = await startIdentityCenter({ startUrls: ['https://d-0987654321.awsapps.com/start'] });
    scene = await openScene('scopes', {}, (connection) => ({
      'awsSso.connections': [connection, { ...other.connection, name: 'other' }],
    }));
  });
  after(async () => {
    await scene?.close();
    await other?.close();
  });

  it('names the Identity Center among its scopes, and nobody has to pick one', async () => {
    const { editor } = scene;
    const scopes = [...COMPLETIONS, 'VSCODE_START_URL:d-0987654321.awsapps.com/start/#/'];
    await requestSession(scene, scopes);
    await editor.toast(/is your code for other/).waitFor();
    await editor.screenshot('selected');
    await approve(scene);
    const answer = await nextAnswer(scene, 0, scopes);
    assert.deepEqual(answer?.keys, KEYS);
    assert.deepEqual(answer.session.scopes, scopes);
    assert.equal(answer.session.account.label, 'other');
    assert.ok(await other.isTokenActive(answer.session.accessToken));
    completionsId = answer.session.id;
  });

  it('gets the session for its scopes in any order, and its own order back', async () => {
    const reversed = COMPLETIONS.toReversed();
    const answer = await askSilently(scene, reversed);
    assert.deepEqual(answer?.keys, KEYS);
    assert.equal(answer.session.id, completionsId);
    assert.deepEqual(answer.session.scopes, reversed);
  });

  it('gets none for fewer scopes, for more, or at another Identity Center', async () => {
    assert.equal(await askSilently(scene, ['codewhisperer:completions']), null);
    assert.equal(await askSilently(scene, [...COMPLETIONS, 'codewhisperer:analysis']), null);
    const elsewhere = [...COMPLETIONS, `VSCODE_START_URL:${scene.identityCenter.startUrl}`];
    assert.equal(await askSilently(scene, elsewhere), null);
  });

  it('gets the session with the default scope when it names none', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Sign In');
    await editor.pickEntry('embedded').click();
    await editor.userCode.waitFor();
    await approve(scene);
    const { length } = scene.consumerEvents();
    await requestSession(scene, []);
    await editor.pickEntry('embedded').click();
    const answer = await nextAnswer(scene, length, []);
    assert.deepEqual(answer?.keys, KEYS);
    assert.deepEqual(answer.session.scopes, []);
    assert.equal(answer.session.account.label, 'embedded');
    const named = await askSilently(scene, ['sso:account:access']);
    assert.equal(named?.session.id, answer.session.id);
  });

  it('is answered while a sign-in from the palette waits for its user', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Sign In');
    await editor.pickEntry('other').click();
    await editor.userCode.waitFor();
    // Of this account, because the user chose it last: for another one, VS Code 1.105 itself has no answer then.
    const answer = await askSilently(scene, ['sso:account:access']);
    assert.equal(answer?.session.account.label, 'embedded');
    assert.equal(await editor.userCode.count(), 1);
    await editor.screenshot('answered-meanwhile');
    await editor.userCode.getByRole('button', { name: 'Cancel' }).click();
    await editor.userCode.waitFor({ state: 'detached' });
  });
});
