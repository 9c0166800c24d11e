import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oneJourney } from './journey.ts';
import { readEndToEndOptions } from './options.ts';
import { openScene, signIn, type Scene } from './scene.ts';
import {
  identityCommand,
  identityIn,
  isWithoutTerminals,
  openRoleTerminal,
  parseIdentity,
  readWritten,
  runInTerminal,
  whereTerminalsAre,
} from './terminals.ts';

const IDENTITY = new URL('../tools/callerIdentity.mjs', import.meta.url).pathname;

const STOP = 'AWS SSO: Stop Using the Role in This Window';

describe('A role that a window uses', () => {
  oneJourney();

  let folder: string;
  let output: string;
  let scene: Scene;

  before(async function () {
    folder = mkdtempSync(join(tmpdir(), 'window-role-'));
    output = join(folder, 'output');
    mkdirSync(join(folder, '.vscode'));
    const task = { label: 'identity', type: 'shell', command: identityCommand(output), problemMatcher: [] };
    writeFileSync(join(folder, '.vscode', 'tasks.json'), JSON.stringify({ version: '2.0.0', tasks: [task] }));
    const program = { type: 'node', request: 'launch', program: IDENTITY, args: [output] };
    const debugged = [
      { ...program, name: 'in the debug console', runtimeExecutable: process.execPath },
      {
        ...program,
        name: 'in the terminal',
        runtimeExecutable: process.execPath,
        console: 'integratedTerminal',
      },
    ];
    writeFileSync(
      join(folder, '.vscode', 'launch.json'),
      JSON.stringify({ version: '0.2.0', configurations: debugged }),
    );
    const { awsPort: port } = readEndToEndOptions(process.env);
    scene = await openScene('window-role', { port }, undefined, folder);
    await signIn(scene);
    if (isWithoutTerminals(scene)) this.skip();
  });
  after(async () => {
    await scene?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function runTask(): Promise<string> {
    rmSync(output, { force: true });
    await scene.editor.run('Tasks: Run Task');
    await scene.editor.pickEntry('identity').click();
    return readWritten(scene, output);
  }

  async function debug(name: string): Promise<string> {
    rmSync(output, { force: true });
    await scene.editor.run('Debug: Select and Start Debugging');
    await scene.editor.pickEntry(name).click();
    return readWritten(scene, output);
  }

  async function chooseRole(): Promise<void> {
    const { editor } = scene;
    await editor.run('AWS SSO: Use Role in This Window');
    await editor.pickEntry('production / ReadOnlyAccess').click();
  }

  const status = () => scene.editor.statusBarEntry(/Window: ReadOnlyAccess @ production/);

  it('is none until the user has agreed to what it means (terraform-provider-aws#48134)', async function () {
    const { editor } = scene;
    await chooseRole();
    await editor.enter(/Region for ReadOnlyAccess/, 'eu-west-1');
    await editor.dialog.getByText('Use the role ReadOnlyAccess @ production in this window?').waitFor();
    await editor.dialog.getByText(/whoever starts them/).waitFor();
    await editor.screenshot('question');
    await editor.dialog.getByRole('button', { name: 'Cancel' }).click();
    const text = await whereTerminalsAre(runTask());
    if (text === undefined) {
      this.skip();
    }
    assert.match(text, /Region is missing/);
    assert.equal(await status().count(), 0);
    assert.ok(!(await editor.search(STOP)).includes(STOP));
  });

  it('is that of its tasks, in its region', async () => {
    await chooseRole();
    await scene.editor.enter(/Region for ReadOnlyAccess/, 'eu-west-1');
    await scene.editor.dialog.getByRole('button', { name: 'Use Role' }).click();
    await status().waitFor();
    const { Account, Arn, region } = parseIdentity(await runTask());
    assert.equal(Account, '111122223333');
    assert.match(Arn, /ReadOnlyAccess/);
    assert.equal(region, 'eu-west-1');
    assert.ok((await scene.editor.search(STOP)).includes(STOP));
    await scene.editor.screenshot('task');
  });

  it('is that of what is debugged, with a terminal and without (aws-toolkit-vscode#3673, aws-toolkit-vscode#214)', async () => {
    assert.equal(parseIdentity(await debug('in the debug console')).Account, '111122223333');
    assert.equal(parseIdentity(await debug('in the terminal')).Account, '111122223333');
    await scene.editor.screenshot('debugged');
  });

  it('leaves a role terminal its own role and region', async () => {
    await openRoleTerminal(scene, 'staging / PowerUserAccess');
    await scene.editor.enter(/Region for PowerUserAccess/, 'us-west-2');
    await scene.editor.statusBarEntry(/PowerUserAccess @ staging/).waitFor();
    const { Account, region } = await identityIn(scene);
    assert.notEqual(Account, '111122223333');
    assert.equal(region, 'us-west-2');
    await status().waitFor();
  });

  it('is none any more after one click, also for terminals that are open', async () => {
    const { editor } = scene;
    await editor.run('Terminal: Create New Terminal');
    await editor.page.locator('.terminal-wrapper.active .xterm').waitFor();
    assert.equal((await identityIn(scene)).Account, '111122223333');
    await status().click();
    await status().waitFor({ state: 'detached' });
    assert.match(await runInTerminal(scene, identityCommand()), /CredentialsProviderError/);
    assert.match(await runTask(), /Region is missing/);
  });

  it('ends when the user signs out, and says so', async () => {
    const { editor } = scene;
    await chooseRole();
    await editor.dialog.getByRole('button', { name: 'Use Role' }).click();
    await status().waitFor();
    await editor.run('AWS SSO: Sign Out');
    await editor.toast(/no longer uses the role ReadOnlyAccess @ production/).waitFor();
    await status().waitFor({ state: 'detached' });
  });
});
