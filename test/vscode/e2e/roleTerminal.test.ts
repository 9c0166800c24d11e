import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { oneJourney } from './journey.ts';
import { readEndToEndOptions } from './options.ts';
import { approve, openScene, signIn, type Scene } from './scene.ts';
import {
  identityCommand,
  identityIn,
  launchProfile,
  openFirstRoleTerminal,
  openRoleTerminal,
  runInTerminal,
  whereTerminalsAre,
} from './terminals.ts';

describe('A terminal that is an AWS role', () => {
  let hasTerminals = true;
  beforeEach(function () {
    if (!hasTerminals) this.skip();
  });

  for (const [what, variables, files] of [
    ['with an empty ~/.aws', {}, {}],
    [
      'beside a default profile with keys of another account (terraform-provider-aws#48134)',
      // The user's settings have it in all terminals.
      {
        AWS_SHARED_CREDENTIALS_FILE: '${env:HOME}/.aws/credentials',
        AWS_PROFILE: 'default',
        AWSACCESSKEYID: 'AKIAIOSFODNN7EXAMPLE',
      },
      {
        credentials:
          '[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = another/secret\n',
        config: '[default]\nregion = eu-north-1\noutput = json\n',
      },
    ],
  ] as const) {
    describe(what, () => {
      oneJourney();

      let scene: Scene;

      before(async () => {
        const { awsPort: port } = readEndToEndOptions(process.env);
        scene = await openScene(
          `role-terminal-${'credentials' in files ? 'default-profile' : 'empty'}`,
          { port },
          (connection) => ({
            'awsSso.connections': [connection],
            'terminal.integrated.env.linux': variables,
          }),
        );
        for (const [name, text] of Object.entries(files)) {
          mkdirSync(join(scene.home, '.aws'), { recursive: true });
          writeFileSync(join(scene.home, '.aws', name), text);
        }
        await signIn(scene);
      });
      after(() => scene?.close());

      it('opens once the user has chosen role and region, and the AWS SDK is the role there (aws-toolkit-vscode#3555)', async function () {
        const { editor } = scene;
        await editor.run('AWS SSO: Open Role Terminal');
        await editor.page.locator('.quick-input-widget').getByText('production / ReadOnlyAccess').waitFor();
        await editor.screenshot('roles');
        await editor.page.keyboard.press('Escape');
        await openFirstRoleTerminal(scene, 'production / ReadOnlyAccess', 'eu-west-1');
        const identity = await whereTerminalsAre(identityIn(scene));
        if (identity === undefined) {
          hasTerminals = false;
          this.skip();
        }
        const { Account, Arn } = identity;
        assert.equal(Account, '111122223333');
        assert.match(Arn, /ReadOnlyAccess/);
        await editor.screenshot('terminal');
      });

      it('has the region, and no variable that would win over the role', async () => {
        const text = await runInTerminal(scene, 'env');
        assert.match(text, /^AWS_REGION=eu-west-1$/m);
        assert.doesNotMatch(
          text,
          /^AWS(?:_PROFILE|_ACCESS_KEY_ID|_SECRET_ACCESS_KEY|_SESSION_TOKEN|ACCESSKEYID)=/m,
        );
      });

      it('says in the status bar which role it is', async () => {
        await scene.editor.statusBarEntry(/ReadOnlyAccess @ production/).waitFor();
      });

      it('is the next role at once, with the region of last time', async () => {
        await openRoleTerminal(scene, 'production / ReadOnlyAccess');
        await scene.editor.page.locator('.terminal-tabs-entry, .single-terminal-tab').nth(1).waitFor();
        assert.equal((await identityIn(scene)).Account, '111122223333');
      });

      it('is in the "+" menu, where a cancel is no error, and the terminal that opens is the active one', async () => {
        const { editor } = scene;
        const picker = editor.quickInput(/Open a Terminal as an AWS Role/);
        await launchProfile(scene, /^AWS Role$/);
        await picker.waitFor();
        await editor.page.keyboard.press('Escape');
        await picker.waitFor({ state: 'hidden' });
        await launchProfile(scene, /^AWS Role$/);
        await editor.enter(/Open a Terminal as an AWS Role/, 'staging PowerUserAccess');
        await editor.enter(/Region for PowerUserAccess/, 'us-west-2');
        await editor.statusBarEntry(/PowerUserAccess @ staging/).waitFor();
        const { Account, region } = await identityIn(scene);
        assert.deepEqual([Account, region], ['777788889999', 'us-west-2']);
        // A message of the first time would still be there. VS Code may have one of its own, on its keys in terminals.
        assert.equal(await editor.toast(/terminal profile|awsSso/i).count(), 0);
      });

      it('is another role in each terminal', async () => {
        const { editor } = scene;
        await editor.run('Terminal: Kill the Active Terminal Instance');
        await editor.statusBarEntry(/ReadOnlyAccess @ production/).waitFor();
        assert.equal((await identityIn(scene)).Account, '111122223333');
      });

      it('is an ordinary terminal in its new half, once it is split', async () => {
        const { editor } = scene;
        const status = editor.statusBarEntry(/ReadOnlyAccess @ production/);
        await editor.run('Terminal: Split Terminal');
        await status.waitFor({ state: 'hidden' });
        await editor.run('Terminal: Kill the Active Terminal Instance');
        await status.waitFor();
      });

      it('has no access once the sign-in has ended, and is the role again after Sign In Again (aws-vault#24)', async () => {
        const { editor, identityCenter } = scene;
        identityCenter.revokeAll();
        await editor.run('AWS SSO: Show Sessions');
        await editor.pickEntry('embedded').click();
        await editor.pickEntry('Refresh Now').click();
        const ended = editor.sessionsStatus.filter({ hasText: 'embedded: Sign in again' });
        await ended.waitFor();
        const text = await runInTerminal(scene, identityCommand());
        assert.match(text, /sign-in has ended|CredentialsProviderError/i);
        await ended.click();
        await editor.pickEntry('embedded').click();
        await editor.pickEntry('Sign In Again').click();
        await editor.userCode.waitFor();
        await approve(scene);
        assert.equal((await identityIn(scene)).Account, '111122223333');
      });

      it('has no access any more once the user signs out, and says what to do', async () => {
        const { editor } = scene;
        await editor.run('AWS SSO: Sign Out');
        const text = await runInTerminal(scene, identityCommand());
        assert.match(text, /signed out|CredentialsProviderError|Sign in to AWS SSO/i);
        const entry = editor.page.locator('.statusbar-item[aria-label*="signed out"]');
        await entry.filter({ hasText: 'ReadOnlyAccess @ production' }).waitFor();
      });
    });
  }
});
