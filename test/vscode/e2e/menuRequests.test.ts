import assert from 'node:assert/strict';
import { eventually } from '../../support/eventually.ts';
import { askSilently, requestInMenu } from './consumer.ts';
import { oneJourney } from './journey.ts';
import { approve, isSignedOutByUser, openScene, type Scene } from './scene.ts';

const OURS = 'Sign in with AWS SSO to use AWS SSO Authentication (1)';
const CONSUMER = 'Sign in with AWS SSO to use AWS Consumer (1)';
const ACCOUNT = 'embedded (AWS SSO)';
const COMPLETIONS = 'codewhisperer:completions';

function isOurs(label: string): boolean {
  return label.includes('AWS SSO');
}

/** Waits until these are what the Accounts menu has of ours, in any order, and for as many requests on its badge. */
async function awaitMenu({ editor }: Scene, ...expected: readonly string[]): Promise<void> {
  await editor.awaitAccountsMenu(
    (labels) => labels.filter(isOurs).toSorted().join() === expected.toSorted().join(),
  );
  await editor.closeMenu();
  const requests = expected.filter((label) => label !== ACCOUNT).length;
  await eventually(`the badge says ${requests}`, async () =>
    (await editor.readAccountsBadge()) === requests ? true : undefined,
  );
}

describe('A request in the Accounts menu for no scope in particular (vscode#226904)', () => {
  oneJourney();

  let scene: Scene;

  before(async () => {
    scene = await openScene('menu-requests');
  });
  after(() => scene?.close());

  it('is there, beside the one that we make', async () => {
    await requestInMenu(scene, []);
    await awaitMenu(scene, OURS, CONSUMER);
    await scene.editor.screenshot('requested');
  });

  it('is gone, as is ours, once the user has signed in through it, and leaves one account', async () => {
    const { editor } = scene;
    await editor.openAccountsMenu();
    await editor.chooseInMenu(/to use AWS Consumer/);
    await editor.userCode.waitFor();
    await approve(scene);
    await awaitMenu(scene, ACCOUNT);
    await editor.screenshot('answered');
  });

  it('has a session with the scopes that each call names', async () => {
    for (const scopes of [[], ['sso:account:access']]) {
      const answer = await askSilently(scene, scopes);
      assert.equal(answer?.session.account.label, 'embedded');
      assert.deepEqual(answer.session.scopes, scopes);
    }
    assert.equal(await askSilently(scene, [COMPLETIONS]), null);
  });

  it('does not keep Sign Out in the menu from ending the session', async () => {
    const { editor } = scene;
    await editor.openAccountsMenu();
    await editor.chooseInMenu(/embedded/, /Sign Out/);
    await editor.dialog.getByRole('button', { name: 'Sign Out' }).click();
    await awaitMenu(scene);
    assert.equal(await askSilently(scene, []), null);
  });

  it('comes back when it is made again, though we do not ask: the user has just signed out', async () => {
    await requestInMenu(scene, []);
    await awaitMenu(scene, CONSUMER);
  });
});

describe('Requests in the Accounts menu', () => {
  oneJourney();

  let scene: Scene;

  before(async () => {
    scene = await openScene('menu-requests-scopes', {}, (connection) => ({
      'awsSso.connections': [{ ...connection, scopes: [COMPLETIONS] }],
    }));
  });
  after(() => scene?.close());

  it('that are ours are gone after a sign-in for other scopes, of which extensions are told once', async () => {
    const { editor } = scene;
    await awaitMenu(scene, OURS);
    const { length } = scene.consumerEvents();
    await editor.run('AWS SSO: Sign In');
    await editor.userCode.waitFor();
    await approve(scene);
    await awaitMenu(scene, ACCOUNT);
    const events = scene.consumerEvents().slice(length);
    assert.equal(events.filter(({ event }) => event === 'changed').length, 1, JSON.stringify(events));
  });

  it('stay while no session has their scopes, and go when one has, whatever selects it (vscode#226904)', async () => {
    const { editor, identityCenter } = scene;
    await requestInMenu(scene, ['codewhisperer:analysis']);
    await requestInMenu(scene, [`VSCODE_START_URL:${identityCenter.startUrl}`]);
    const { length } = scene.consumerEvents();
    await editor.run('AWS Consumer: Sign In');
    await editor.dialog.getByRole('button', { name: 'Allow' }).click();
    await editor.userCode.waitFor();
    await approve(scene);
    await eventually('the consumer has a session', () =>
      scene
        .consumerEvents()
        .slice(length)
        .find(({ answer }) => answer),
    );
    await awaitMenu(scene, ACCOUNT, CONSUMER);
    await editor.openAccountsMenu();
    await editor.chooseInMenu(/to use AWS Consumer/);
    await editor.userCode.waitFor();
    await approve(scene);
    await awaitMenu(scene, ACCOUNT);
    const answer = await askSilently(scene, ['codewhisperer:analysis']);
    assert.deepEqual(answer?.session.scopes, ['codewhisperer:analysis']);
  });

  it('are not made by us after the user has signed out of everything, in one go', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Sign Out of All Sessions');
    await editor.awaitAccountsMenu(isSignedOutByUser);
    await editor.closeMenu();
    await awaitMenu(scene);
  });
});
