import assert from 'node:assert/strict';
import { eventually } from '../../support/eventually.ts';
import { lastSession, signInConsumer } from './consumer.ts';
import { approve, awaitAccounts, openScene, type Scene } from './scene.ts';

describe('An extension that asks for a new session, and for the account again', () => {
  let scene: Scene;

  before(async () => {
    scene = await openScene('force-new-session');
  });
  after(() => scene?.close());

  it('gets one for the same account, and leaves no second one behind', async () => {
    const { editor } = scene;
    const first = await signInConsumer(scene);
    // What is asked for within a second has waited in VS Code's queue: it is answered by the sign-in just made.
    const signedInAt = performance.now();
    await eventually('a second has passed', () => performance.now() - signedInAt > 1500 || undefined);
    await editor.run('AWS Consumer: Force New Session');
    await editor.dialog.getByRole('button', { name: 'Allow' }).click();
    await editor.pickEntry('embedded').click();
    await editor.userCode.waitFor();
    await approve(scene);
    const second = await eventually('the consumer has another token', () => {
      const session = lastSession(scene);
      return session?.accessToken === first.accessToken ? undefined : session;
    });
    assert.deepEqual([second.id, second.account], [first.id, first.account]);
    await awaitAccounts(scene, 'embedded');
  });
});
