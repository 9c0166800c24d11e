import { oneJourney } from './journey.ts';
import { approve, awaitAccounts, openScene, signIn, type Scene } from './scene.ts';

const MISSING = /You're signed in as embedded without the scope sso:account:access/;

describe('A user who is signed in without the scope that lists accounts and roles', () => {
  oneJourney();

  let scene: Scene;

  before(async () => {
    scene = await openScene('role-scope', {}, (connection) => ({
      'awsSso.connections': [
        { ...connection, scopes: ['codewhisperer:completions'], defaultRegion: 'eu-west-1' },
      ],
    }));
    await signIn(scene);
  });
  after(() => scene?.close());

  it('is told so, and nothing is opened', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Copy Role Credentials');
    await editor.toast(MISSING).waitFor();
    await editor.screenshot('told');
    await editor.run('Notifications: Clear All Notifications');
    await editor.awaitNoToast();
  });

  it('signs in with it from there, as the same account, and chooses a role', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Copy Role Credentials');
    await editor.toast(MISSING).getByRole('button', { name: 'Sign In' }).click();
    await editor.userCode.waitFor();
    await approve(scene);
    await editor.pickEntry('production / ReadOnlyAccess').click();
    await editor.pickEntry('JSON').waitFor();
    await editor.page.keyboard.press('Escape');
    await awaitAccounts(scene, 'embedded');
  });
});
