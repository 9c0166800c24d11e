import assert from 'node:assert/strict';
import { startIdentityCenter, type IdentityCenter } from '../../identity-center/server.ts';
import { eventually } from '../../support/eventually.ts';
import { oneJourney } from './journey.ts';
import { approve, awaitAccounts, openScene, type Scene } from './scene.ts';

const JANE = 'jane@example.com (embedded)';
const JOHN = 'john@example.com (embedded)';

describe('With two Identity Centers', () => {
  oneJourney();

  let scene: Scene;
  let other: IdentityCenter;

  before(async () => {
    other = await startIdentityCenter({
      startUrls: ['https://d-0987654321.awsapps.com/start'],
      region: 'eu-west-1',
    });
    scene = await openScene('several-connections', {}, (connection) => ({
      'awsSso.connections': [
        // The ID token names the user.
        { ...connection, scopes: ['sso:account:access', 'openid', 'email'] },
        { ...other.connection, name: 'other' },
      ],
    }));
  });
  after(async () => {
    await scene?.close();
    await other?.close();
  });

  async function startSignIn(connection: string): Promise<void> {
    await scene.editor.run('AWS SSO: Sign In');
    await scene.editor.pickEntry(connection).click();
  }

  /** Chooses a session of the list that a sign-out shows. */
  async function signOutOf(account: string): Promise<void> {
    await scene.editor.run('AWS SSO: Sign Out');
    await scene.editor.pickEntry(account).click();
  }

  it('the user picks one, by name, region and start URL', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Sign In');
    await editor.pickEntry('embedded').waitFor();
    await editor.screenshot('connections');
    assert.match(
      await editor.pickEntry('other').innerText(),
      /eu-west-1\s+https:\/\/d-0987654321\.awsapps\.com\/start/,
    );
    await editor.page.keyboard.press('Escape');
    await editor.awaitNoToast();
  });

  it('signs in to both at once', async () => {
    const { editor, identityCenter } = scene;
    const codes = { other: editor.toast(/for other/), embedded: editor.toast(/for embedded/) };
    await startSignIn('other');
    await codes.other.waitFor();
    await startSignIn('embedded');
    await codes.embedded.waitFor();
    await editor.screenshot('both-at-once');
    await identityCenter.approve(await editor.readUserCode(codes.embedded));
    await codes.embedded.waitFor({ state: 'detached' });
    await awaitAccounts(scene, JANE);
    assert.equal(await codes.other.count(), 1);
    await other.approve(await editor.readUserCode(codes.other));
    await codes.other.waitFor({ state: 'detached' });
    await awaitAccounts(scene, JANE, 'other');
  });

  it('signs in as a second user of one of them, with a label of their own', async () => {
    const { editor } = scene;
    await startSignIn('embedded');
    await editor.userCode.waitFor();
    await approve(scene, 'John Roe');
    await awaitAccounts(scene, JANE, JOHN, 'other');
    await editor.openAccountsMenu();
    await editor.screenshot('three-accounts');
    await editor.closeMenu();
  });

  it('signs out of one and leaves the others', async () => {
    const { identityCenter } = scene;
    await signOutOf(JANE);
    await eventually('the Identity Center hears of it', () => isSignedOutOf(identityCenter));
    await awaitAccounts(scene, JOHN, 'other');
    assert.equal(isSignedOutOf(other), undefined);
  });

  it('signs out of all at once, at each of the Identity Centers', async () => {
    await scene.editor.run('AWS SSO: Sign Out of All Sessions');
    await awaitAccounts(scene);
    await eventually('the other Identity Center hears of it', () => isSignedOutOf(other));
  });
});

function isSignedOutOf(identityCenter: IdentityCenter): true | undefined {
  return identityCenter.requests.records.some(({ path }) => path === '/logout') || undefined;
}
