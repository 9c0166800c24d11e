import assert from 'node:assert/strict';
import { oneJourney } from './journey.ts';
import { openScene, type Scene } from './scene.ts';

describe('Whoever has their editor in German', () => {
  oneJourney();

  let scene: Scene;

  before(async () => {
    scene = await openScene(
      'german',
      {},
      (connection) => ({ 'awsSso.connections': [connection, { name: 'halb' }] }),
      undefined,
      'de-DE',
    );
  });
  after(() => scene?.close());

  it('reads the walkthrough in German, its text beside the steps included', async () => {
    const { editor } = scene;
    await editor.run('Welcome: Open Walkthrough...');
    await editor.pickEntry('Bei AWS anmelden mit IAM Identity Center').click();
    const text = editor.page.frameLocator('iframe.webview').frameLocator('#active-frame');
    await text.getByText('die Adresse Ihres AWS-Zugangsportals').waitFor();
    await editor.screenshot('walkthrough');
  });

  it('is told in German what is wrong with a setting, and signs in', async () => {
    const { editor, identityCenter } = scene;
    await editor.run('AWS SSO: Anmelden');
    await editor.toast(/Verbindung "halb", region: Diese Angabe fehlt/).waitFor();
    await editor.screenshot('setting');
    const userCode = editor.toast(/ist Ihr Code für embedded/);
    await userCode.waitFor();
    await editor.screenshot('user-code');
    await identityCenter.approve(await editor.readUserCode(userCode));
    await editor.sessionsStatus.filter({ hasText: 'embedded' }).waitFor();
  });

  it('is told in German why a refresh fails', async () => {
    const { editor, identityCenter } = scene;
    const outage = identityCenter.failNext(() => true, { kind: 'dropBefore' }, Infinity);
    await editor.run('AWS SSO: Sitzungen anzeigen');
    await editor.pickEntry('embedded').click();
    await editor.pickEntry('Jetzt erneuern').click();
    await editor
      .toast(/embedded konnte gerade nicht erneuert werden \(die Verbindung ist abgebrochen\)/)
      .waitFor();
    await editor.screenshot('refresh-failed');
    outage.dispose();
  });

  it('gets the report of the diagnostics in German', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Diagnose ausführen');
    await editor.document.filter({ hasText: 'AWS-SSO-Diagnose' }).waitFor({ timeout: 30_000 });
    await editor.screenshot('report');
    const report = await editor.readDocument();
    assert.match(report, /✗ fehlgeschlagen \*\*"halb"\*\*: Verbindung "halb", region: Diese Angabe fehlt\./);
    assert.match(report, /## Der Weg zu embedded/);
    assert.match(report, /✓ in Ordnung \*\*HTTP\*\* \(\d+ ms\): 127\.0\.0\.1:\d+ antwortet mit HTTP-Status/);
    assert.doesNotMatch(report, /\b(?:the|is|and|of|connection|failed)\b/, 'something is left in English');
    await editor.discardDocument();
  });
});
