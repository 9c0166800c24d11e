import assert from 'node:assert/strict';
import { oneJourney } from './journey.ts';
import { openScene, type Scene } from './scene.ts';

describe('A user with a German editor', () => {
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
    await text.getByText('Die URL Ihres AWS-Zugangsportals').waitFor();
    await editor.screenshot('walkthrough');
  });

  it('sees in German what is wrong with a setting, and signs in', async () => {
    const { editor, identityCenter } = scene;
    await editor.run('AWS SSO: Anmelden');
    await editor.toast(/Verbindung "halb", region: Diese Eigenschaft ist erforderlich/).waitFor();
    await editor.screenshot('setting');
    const userCode = editor.toast(/ist Ihr Code für embedded/);
    await userCode.waitFor();
    await editor.screenshot('user-code');
    await identityCenter.approve(await editor.readUserCode(userCode));
    await editor.sessionsStatus.filter({ hasText: 'embedded' }).waitFor();
  });

  it('sees in German why a refresh fails', async () => {
    const { editor, identityCenter } = scene;
    const outage = identityCenter.failNext(() => true, { kind: 'dropBefore' }, Infinity);
    await editor.run('AWS SSO: Sitzungen anzeigen');
    await editor.pickEntry('embedded').click();
    await editor.pickEntry('Jetzt aktualisieren').click();
    await editor
      .toast(/embedded konnte nicht aktualisiert werden\. Die Verbindung wurde unterbrochen\./)
      .waitFor();
    await editor.screenshot('refresh-failed');
    outage.dispose();
  });

  it('gets the report of the diagnostics in German', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Diagnose ausführen');
    const report = await editor.copyReport('AWS-SSO-Diagnose', 'Kopieren');
    await editor.screenshot('report');
    assert.match(
      report,
      /✗ Fehlgeschlagen \*\*"halb"\*\*: Verbindung "halb", region: Diese Eigenschaft ist erforderlich\./,
    );
    assert.match(report, /## Verbindung mit embedded/);
    assert.match(
      report,
      /✓ OK \*\*HTTP\*\* \(\d+ ms\): 127\.0\.0\.1:\d+ hat mit HTTP-Status \d+ geantwortet/,
    );
    assert.doesNotMatch(report, /\b(?:the|is|and|of|connection|failed)\b/, 'something is left in English');
    await editor.closeEditor();
  });
});
