import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startIdentityCenter,
  type ConnectionSetting,
  type IdentityCenter,
} from '../../identity-center/server.ts';
import { approve, awaitAccounts, openScene, type Scene } from './scene.ts';

describe('A workspace whose settings name an Identity Center of an attacker', () => {
  let attacker: IdentityCenter;
  let folder: string;
  let scene: Scene;

  before(async () => {
    attacker = await startIdentityCenter();
    folder = mkdtempSync(join(tmpdir(), 'hostile-workspace-'));
    mkdirSync(join(folder, '.vscode'));
    const settings = {
      'awsSso.connections': [attacker.connection],
      'awsSso.signInFlow': 'authorizationCode',
      'awsSso.shareWithAwsCli': true,
      'awsSso.showStatusBarItem': false,
    };
    writeFileSync(join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
  });
  after(async () => {
    await attacker?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => scene?.close());

  it("changes neither where the user signs in nor how, and puts no token into the AWS CLI's files", async () => {
    scene = await openScene('hostile-workspace', {}, ownSettings, folder);
    const { editor, home } = scene;
    await editor.run('AWS SSO: Sign In');
    await editor.userCode.waitFor();
    await editor.screenshot('code-for-own-connection');
    await approve(scene);
    await awaitAccounts(scene, 'embedded');
    await editor.sessionsStatus.filter({ hasText: 'embedded' }).waitFor();
    assert.deepEqual(attacker.requests.records, []);
    assert.ok(!existsSync(join(home, '.aws')));
  });

  it('leaves the user signed in and free to sign out in Restricted Mode', async () => {
    scene = await openScene('hostile-workspace-restricted', {}, trustingNobody, folder);
    const { editor } = scene;
    await editor.statusBarEntry(/Restricted Mode/).waitFor();
    await editor.run('AWS SSO: Sign In');
    await approve(scene);
    await awaitAccounts(scene, 'embedded');
    await editor.screenshot('signed-in');
    await editor.run('AWS SSO: Sign Out');
    await awaitAccounts(scene);
    assert.deepEqual(attacker.requests.records, []);
  });

  it('is no connection for a user who has none', async () => {
    scene = await openScene('hostile-workspace-without-connection', {}, () => ({}), folder);
    const { editor } = scene;
    await editor.run('AWS SSO: Sign In');
    await editor.quickInput(/Sign In to AWS: Start URL/).waitFor();
    await editor.screenshot('asks-for-start-url');
    await editor.page.keyboard.press('Escape');
    assert.deepEqual(attacker.requests.records, []);
  });
});

function ownSettings(connection: ConnectionSetting): object {
  return { 'awsSso.connections': [connection] };
}

function trustingNobody(connection: ConnectionSetting): object {
  return {
    ...ownSettings(connection),
    'security.workspace.trust.enabled': true,
    'security.workspace.trust.startupPrompt': 'never',
  };
}
