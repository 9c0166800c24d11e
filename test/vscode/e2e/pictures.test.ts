import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEndToEndOptions } from './options.ts';
import { approve, openScene, signIn, type Scene } from './scene.ts';
import { identityCommand, openRoleTerminal, readWritten, whereTerminalsAre } from './terminals.ts';

/** `npm run screenshots` takes them over into `media/walkthrough`. */
describe('A screenshot for the README and the walkthrough', () => {
  let scene: Scene;

  before(async () => {
    scene = await openScene('close-ups', {}, (connection) => ({
      'awsSso.connections': [{ ...connection, name: 'acme' }],
    }));
  });
  after(() => scene?.close());

  it('shows the code in its notification', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Sign In');
    await editor.userCode.waitFor();
    await editor.focusEditor();
    assert.match(await editor.userCode.innerText(), /is your code for acme/);
    await editor.closeUp('sign-in', editor.userCode);
    await approve(scene);
  });

  it('shows the account in the Accounts menu, and how to sign out', async () => {
    const { editor } = scene;
    await editor.awaitAccountsMenu((labels) => labels.includes('acme (AWS SSO)'));
    await editor.openSubmenu(/acme/, /Sign Out/);
    await editor.closeUp('accounts', editor.accountsButton, editor.menu(/acme/), editor.menu(/Sign Out/));
    await editor.page.keyboard.press('Escape');
    await editor.closeMenu();
  });

  it('shows the sessions', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Show Sessions');
    await editor.pickEntry('acme').waitFor();
    assert.match(await editor.pickEntry('acme').innerText(), /Token valid for \d+ minutes/);
    await editor.closeUp('sessions', editor.quickInput(/AWS SSO Sessions/));
    await editor.page.keyboard.press('Escape');
  });
});

describe('A screenshot of a role terminal', () => {
  let scene: Scene;
  const startupFile = () => join(scene.home, '.bashrc');
  const startedFile = () => join(scene.home, 'started');
  const hasAwsCli = spawnSync('aws', ['--version']).status === 0;

  before(async () => {
    const { awsPort: port } = readEndToEndOptions(process.env);
    scene = await openScene('role-terminal-close-up', { port }, (connection) => ({
      'awsSso.connections': [{ ...connection, name: 'acme', defaultRegion: 'eu-west-1' }],
      'terminal.integrated.defaultProfile.linux': 'bash',
      'terminal.integrated.fontFamily': 'DejaVu Sans Mono',
      'workbench.activityBar.location': 'hidden',
      // What is drawn by the graphics card can't be read.
      'terminal.integrated.gpuAcceleration': 'off',
    }));
    rmSync(startedFile(), { force: true });
    const lines = [
      // A prompt that says nothing of this machine.
      "PS1='$ '",
      // Older versions of the AWS CLI don't read AWS_ENDPOINT_URL.
      'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }',
      // VS Code starts a shell that is no terminal too, for the user's environment.
      `[ -z "$TERM_PROGRAM" ] || touch '${startedFile()}'`,
    ];
    writeFileSync(startupFile(), lines.join('\n'));
    await signIn(scene);
  });
  after(async () => {
    rmSync(startupFile(), { force: true });
    await scene?.close();
  });

  it('shows which role it is, and that AWS’s tools are that role', async function () {
    const { editor } = scene;
    const { page } = editor;
    await page.setViewportSize({ width: 1080, height: 640 });
    // What other scenes have left: VS Code keeps them.
    await editor.run('Terminal: Kill All Terminals');
    await openRoleTerminal(scene, 'production / ReadOnlyAccess');
    const status = editor.statusBarEntry(/ReadOnlyAccess @ production/);
    await status.waitFor();
    const started = await whereTerminalsAre(readWritten(scene, startedFile()));
    if (started === undefined) {
      this.skip();
    }
    const rows = page.locator('.terminal-wrapper.active .xterm-rows > div');
    await rows.filter({ hasText: /^\$/ }).waitFor();
    await page.locator('.terminal-wrapper.active .xterm').click();
    await page.keyboard.type(`${hasAwsCli ? 'aws sts get-caller-identity' : identityCommand()}\n`);
    await page
      .locator('.terminal-wrapper.active .xterm-rows')
      .getByText(/assumed-role/)
      .waitFor();
    await editor.awaitNoToast();
    await editor.statusBarEntry(/Signed in to AWS as/).waitFor({ state: 'detached' });
    // Of the tests, not of the user.
    await page.evaluate(
      'document.getElementById("identity-center-tools-test.consumer.consumer").style.display = "none"',
    );
    await editor.screenshot('terminal');
    await editor.closeUp('role-terminal', page.locator('.part.panel'), status);
  });
});
