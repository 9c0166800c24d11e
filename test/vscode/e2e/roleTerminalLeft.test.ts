import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { oneJourney } from './journey.ts';
import { readEndToEndOptions } from './options.ts';
import { openScene, signIn, type Scene } from './scene.ts';
import {
  identityCommand,
  identityIn,
  isWithoutTerminals,
  openRoleTerminal,
  runInTerminal,
  whereTerminalsAre,
} from './terminals.ts';

const TOLD = /can't get credentials any more.*ReadOnlyAccess @ production/;

/** As a crash does. VS Code starts another one, and keeps the terminals. */
function killExtensionHost(): void {
  const log = readFileSync(readEndToEndOptions(process.env).serverLog, 'utf8');
  const [, pid] = [...log.matchAll(/<(\d+)> Launched Extension Host Process/g)].at(-1) ?? [];
  process.kill(Number(pid ?? assert.fail('there is none')), 'SIGKILL');
}

describe('A role terminal that outlives its extension host', () => {
  oneJourney();

  let scene: Scene;

  before(async function () {
    const { awsPort: port } = readEndToEndOptions(process.env);
    scene = await openScene('role-terminal-left', { port }, (connection) => ({
      'awsSso.connections': [{ ...connection, defaultRegion: 'eu-west-1' }],
    }));
    await signIn(scene);
    if (isWithoutTerminals(scene)) this.skip();
  });
  after(() => scene?.close());

  const terminals = () => scene.editor.page.locator('.terminal-wrapper.active');

  async function openTerminal(): Promise<void> {
    await openRoleTerminal(scene, 'production / ReadOnlyAccess');
    await scene.editor.page.locator('.terminal-wrapper.active .xterm').waitFor();
    await scene.editor.statusBarEntry(/ReadOnlyAccess @ production/).waitFor();
  }

  it('has no access any more, and the user is told, and can close it', async function () {
    const { editor } = scene;
    await openTerminal();
    const before = await whereTerminalsAre(identityIn(scene));
    if (before === undefined) {
      this.skip();
    }
    assert.equal(before.Account, '111122223333');
    killExtensionHost();
    const told = editor.toast(TOLD);
    await told.waitFor();
    await editor.screenshot('told');
    assert.match(await runInTerminal(scene, identityCommand()), /CredentialsProviderError/);
    await told.getByRole('button', { name: 'Close These Terminals' }).click();
    await terminals().first().waitFor({ state: 'detached' });
  });

  it('is followed by a new one that is the role', async () => {
    await openTerminal();
    assert.equal((await identityIn(scene)).Account, '111122223333');
  });

  it('is closed by VS Code where the window is loaded again, so that nothing is left to tell', async () => {
    const { editor } = scene;
    await editor.reload();
    await editor.sessionsStatus.waitFor();
    // VS Code may have opened one of its own in its place, which this would then be beside.
    await editor.run('Terminal: Create New Terminal');
    await terminals().first().waitFor();
    assert.equal(await editor.page.locator('.part.panel').getByText('ReadOnlyAccess').count(), 0);
    await editor.awaitNoToast();
    await editor.run('Terminal: Kill All Terminals');
    await terminals().first().waitFor({ state: 'detached' });
  });
});
