import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.ts';
import { oneJourney } from './journey.ts';
import { readEndToEndOptions } from './options.ts';
import { approve, openScene, type Scene } from './scene.ts';

const IDENTITY = new URL('../tools/callerIdentity.mjs', import.meta.url).pathname;

interface Identity {
  readonly Account: string;
  readonly Arn: string;
}

/** Runs a command line in the terminal that has the focus, and waits for what it writes. */
async function runInTerminal({ editor, home }: Scene, command: string): Promise<string> {
  const file = join(home, 'terminal-output');
  rmSync(file, { force: true });
  await editor.page.locator('.terminal-wrapper.active .xterm').click();
  await editor.page.keyboard.type(`${command} > ${file}.part 2>&1; mv ${file}.part ${file}\n`);
  const ptyHost = editor.page.locator('.statusbar-item').filter({ hasText: 'Pty Host' });
  const isWritten = await eventually(
    `the terminal has written ${file}`,
    async () => existsSync(file) || ((await ptyHost.count()) > 0 ? false : undefined),
    30_000,
  );
  if (!isWritten) {
    throw new NoTerminals();
  }
  return readFileSync(file, 'utf8');
}

/** VS Code says in its status bar that the process of its terminals does not respond: here they cannot be had. */
class NoTerminals extends Error {}

async function identityIn(scene: Scene): Promise<Identity> {
  const text = await runInTerminal(scene, `'${process.execPath}' '${IDENTITY}'`);
  try {
    return JSON.parse(text) as Identity;
  } catch {
    throw new Error(`The SDK said: ${text}`);
  }
}

async function openRoleTerminal({ editor }: Scene, role: string): Promise<void> {
  await editor.run('AWS SSO: Open Role Terminal');
  await editor.page.locator('.quick-input-widget').getByText(role, { exact: true }).first().click();
}

async function signIn(scene: Scene): Promise<void> {
  await scene.editor.run('AWS SSO: Sign In');
  await scene.editor.userCode.waitFor();
  await approve(scene);
}

describe('A terminal that is an AWS role', () => {
  let hasTerminals = true;
  beforeEach(function () {
    if (!hasTerminals) this.skip();
  });

  for (const [what, files] of [
    ['with an empty ~/.aws', {}],
    [
      'beside a default profile with keys of another account',
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
        scene = await openScene(`role-terminal-${'credentials' in files ? 'default-profile' : 'empty'}`, {
          port,
        });
        for (const [name, text] of Object.entries(files)) {
          mkdirSync(join(scene.home, '.aws'), { recursive: true });
          writeFileSync(join(scene.home, '.aws', name), text);
        }
        await signIn(scene);
      });
      after(() => scene?.close());

      it('opens once the user has chosen role and region, and the AWS SDK is the role there', async function () {
        const { editor } = scene;
        await editor.run('AWS SSO: Open Role Terminal');
        await editor.page.locator('.quick-input-widget').getByText('production / ReadOnlyAccess').waitFor();
        await editor.screenshot('roles');
        await editor.page.keyboard.press('Escape');
        await openRoleTerminal(scene, 'production / ReadOnlyAccess');
        await editor.quickInput(/Region for ReadOnlyAccess/).waitFor();
        await editor.enter(/Region for ReadOnlyAccess/, 'eu-west-1');
        await editor.page.locator('.terminal-wrapper.active .xterm').waitFor();
        const identity = await identityIn(scene).catch((error: unknown) => {
          if (error instanceof NoTerminals) {
            return undefined;
          }
          throw error;
        });
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
        assert.doesNotMatch(text, /^AWS_(?:PROFILE|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)=/m);
      });

      it('says in the status bar which role it is', async () => {
        await scene.editor.statusBarEntry(/ReadOnlyAccess @ production/).waitFor();
      });

      it('is the next role at once, with the region of last time', async () => {
        await openRoleTerminal(scene, 'production / ReadOnlyAccess');
        await scene.editor.page.locator('.terminal-tabs-entry, .single-terminal-tab').nth(1).waitFor();
        assert.equal((await identityIn(scene)).Account, '111122223333');
      });

      it('has no access any more once the user signs out, and says what to do', async () => {
        const { editor } = scene;
        await editor.run('AWS SSO: Sign Out');
        const text = await runInTerminal(scene, `'${process.execPath}' '${IDENTITY}'`);
        assert.match(text, /signed out|CredentialsProviderError|Sign in to AWS SSO/i);
      });
    });
  }
});
