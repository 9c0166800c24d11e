import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasNamedPipes, makeNamedPipe } from '../../unit/support/namedPipe.ts';
import { nextAnswer, signInConsumer } from './consumer.ts';
import { awaitAccounts, openScene, type Scene } from './scene.ts';

const CORP = `[sso-session corp]
sso_start_url = https://d-1111111111.awsapps.com/start
sso_region = eu-central-1
sso_registration_scopes = sso:account:access
`;

const LEGACY = `[profile legacy]
sso_start_url = https://d-2222222222.awsapps.com/start
sso_region = eu-north-1
sso_account_id = 111122223333
`;

const BROKEN = `[sso-session broken]
sso_start_url = https://d-3333333333.awsapps.com/start
`;

const OWN = 'embedded, us-east-1, https://d-1234567890.awsapps.com/start';
const FROM_CORP = 'corp, eu-central-1 · From the AWS config file, https://d-1111111111.awsapps.com/start';
const FROM_LEGACY = 'legacy, eu-north-1 · From the AWS config file, https://d-2222222222.awsapps.com/start';

describe("The AWS CLI's configuration file", () => {
  let scene: Scene;

  before(async () => {
    scene = await openScene('aws-config');
    mkdirSync(join(scene.home, '.aws'));
  });
  after(() => scene?.close());

  function writeConfig(...sections: readonly string[]): void {
    writeFileSync(join(scene.home, '.aws', 'config'), sections.join('\n'));
  }

  /** What the picker of connections offers, as a screen reader has it, by a sign-in that ends there. */
  async function offered(screenshot: string): Promise<readonly (string | null)[]> {
    const { editor } = scene;
    await editor.run('AWS SSO: Sign In');
    await editor.pickEntry('Add IAM Identity Center…').waitFor();
    await editor.screenshot(screenshot);
    const rows = await editor
      .quickInput(/Sign In to AWS/)
      .locator('.monaco-list-row')
      .all();
    const labels = await Promise.all(rows.slice(0, -1).map((row) => row.getAttribute('aria-label')));
    await editor.page.keyboard.press('Escape');
    return labels;
  }

  it('gives connections that are marked by where they come from, as soon as it is there', async () => {
    writeConfig(CORP);
    assert.deepEqual(await offered('one-session'), [OWN, FROM_CORP]);
  });

  it('is followed when it changes', async () => {
    writeConfig(CORP, LEGACY);
    assert.deepEqual(await offered('session-and-profile'), [OWN, FROM_CORP, FROM_LEGACY]);
  });

  it('that is broken in part is told of in one message, and the rest still works', async () => {
    const { editor } = scene;
    writeConfig(BROKEN, CORP);
    assert.deepEqual(await offered('broken'), [OWN, FROM_CORP]);
    const message = editor.toast(/\[sso-session broken\]: sso_region is missing/);
    await message.waitFor();
    assert.equal(await message.getByRole('button', { name: 'Run Diagnostics' }).count(), 1);
    assert.equal(await editor.toast(/./).count(), 1);
  });

  it('that is a named pipe blocks neither a sign-in nor a silent call, and is reported (leapp#240)', async function () {
    if (!hasNamedPipes) {
      this.skip();
    }
    const { editor } = scene;
    await editor.run('Notifications: Clear All Notifications');
    rmSync(join(scene.home, '.aws', 'config'));
    makeNamedPipe(join(scene.home, '.aws', 'config'));
    await editor.run('AWS SSO: Sign In');
    await editor.userCode.waitFor();
    await editor.toast(/isn't a regular file/).waitFor();
    await editor.screenshot('named-pipe');
    const { length } = scene.consumerEvents();
    await editor.run('AWS Consumer: Check Session');
    assert.equal(await nextAnswer(scene, length, ['sso:account:access']), null);
    await editor.userCode.getByRole('button', { name: 'Cancel' }).click();
    await editor.userCode.waitFor({ state: 'detached' });

    const session = await signInConsumer(scene);
    assert.equal(session.account.label, 'embedded');
    await editor.run('AWS SSO: Run Diagnostics');
    assert.match(await editor.copyReport(), /isn't a regular file, so it wasn't read/);
    await editor.closeEditor();
    await editor.run('AWS SSO: Sign Out');
    await awaitAccounts(scene);
  });
});
