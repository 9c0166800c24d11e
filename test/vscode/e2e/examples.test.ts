import { readEndToEndOptions } from './options.ts';
import { approve, openScene, type Scene } from './scene.ts';

describe("The README's examples", () => {
  let scene: Scene;

  before(async () => {
    // Where the S3 client of an extension finds AWS.
    const { awsPort: port } = readEndToEndOptions(process.env);
    scene = await openScene('examples', { port });
  });
  after(() => scene?.close());

  it('get a session, which the user allows and signs in for', async () => {
    const { editor } = scene;
    await editor.run('Example: Show Account');
    await editor.dialog.getByRole('button', { name: 'Allow' }).click();
    await editor.userCode.waitFor();
    await approve(scene);
    await editor.toast(/^embedded: a token of \d+ characters/).waitFor();
    await editor.screenshot('show-account');
  });

  it("list the S3 buckets of an account, with a role's credentials", async () => {
    const { editor } = scene;
    await editor.run('Example: List Buckets');
    await editor.toast(/^assets-111122223333, logs-111122223333/).waitFor();
    await editor.screenshot('list-buckets');
  });

  it('notice that the account they work with is signed out', async () => {
    const { editor } = scene;
    await editor.run('Notifications: Clear All Notifications');
    await editor.run('AWS SSO: Sign Out');
    // VS Code shows no more than three toasts in 800 ms; the others are only here.
    await editor.run('Notifications: Show Notifications');
    await editor.page.locator('.notifications-center').getByText('embedded is signed out').waitFor();
    await editor.run('Notifications: Clear All Notifications');
  });

  it('register a client of their own', async () => {
    const { editor } = scene;
    await editor.run('Example: Register a Client');
    await editor.toast(/^embedded registered \S+/).waitFor();
    await editor.screenshot('register-client');
  });
});
