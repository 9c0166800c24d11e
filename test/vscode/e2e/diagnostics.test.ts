import assert from 'node:assert/strict';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/listen.ts';
import { lastSession } from './consumer.ts';
import { approve, openScene, type Scene } from './scene.ts';

describe('Run Diagnostics, with a proxy that is not there', () => {
  let scene: Scene;
  let proxy: string;

  before(async () => {
    proxy = `http://127.0.0.1:${await freePort()}`;
    scene = await openScene('diagnostics', {}, (connection) => ({
      'http.proxy': proxy,
      'awsSso.connections': [
        connection,
        {
          ...connection,
          name: 'company',
          region: 'eu-west-1',
          // VS Code asks no proxy for 127.0.0.1.
          endpointUrl: connection.endpointUrl.replace('127.0.0.1', 'behind-the-proxy.localhost'),
        },
      ],
    }));
  });
  after(() => scene?.close());

  it('names the proxy as what fails, and where it comes from, and holds no secret', async () => {
    const { editor } = scene;
    await editor.run('AWS Consumer: Sign In');
    await editor.dialog.getByRole('button', { name: 'Allow' }).click();
    await editor.pickEntry('embedded').click();
    await editor.userCode.waitFor();
    await approve(scene);
    const session = await eventually('the consumer has a session', () => lastSession(scene));

    await editor.run('AWS SSO: Run Diagnostics');
    const report = await editor.copyReport();
    await editor.screenshot('report');
    assert.match(
      sectionOf(report, 'Connection to company'),
      new RegExp(
        String.raw`✗ Failed \*\*Proxy\*\*.*http\.proxy sets the proxy ${proxy}, without credentials\. The proxy can't be used\.`,
      ),
    );
    assert.doesNotMatch(sectionOf(report, 'Connection to embedded'), /Failed/);
    const machine = sectionOf(report, 'This Computer');
    assert.match(
      machine,
      /✓ OK \*\*Locks\*\*.*file locks and lock files work in .*keep a second process out/,
    );
    assert.match(
      sectionOf(report, 'Sessions'),
      /✓ OK \*\*embedded .*Token valid for 60 minutes · Can be renewed/,
    );
    assert.match(
      report,
      /^# AWS SSO Diagnostics\n\n\*\*Connection to company, Proxy\*\*: .* Check the proxy's address/,
    );
    assert.ok(!report.includes(session.accessToken), 'the report holds the access token');
    assert.ok(!report.includes(scene.home), 'the report names the home folder');
  });

  it('is a page to read, in which nothing of a server or a file is a link, and has nothing to save', async () => {
    const { editor } = scene;
    await editor.report.getByText("The proxy can't be used.").first().waitFor();
    assert.deepEqual(await editor.report.locator('.markdown-body').locator('a, img').allInnerTexts(), []);
    assert.equal(await editor.page.locator('.tab.dirty').count(), 0);
  });

  it('opens as text that cannot be changed', async () => {
    const { editor } = scene;
    await editor.titleButton('Open as Text').click();
    await editor.document.filter({ hasText: '# AWS SSO Diagnostics' }).waitFor();
    await editor.screenshot('report-as-text');
    const text = await editor.readDocument();
    assert.equal(await editor.copyWith(editor.titleButton('Copy')), text);
    await editor.document.click();
    await editor.page.keyboard.type('x');
    assert.equal(await editor.page.locator('.tab.dirty').count(), 0);
    await editor.run('View: Close All Editors');
  });

  it('is gone after a reload, without a tab that has nothing to show', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Run Diagnostics');
    await editor.copyReport();
    await editor.reload();
    await editor.page
      .locator('.tab')
      .filter({ hasText: 'AWS SSO Diagnostics' })
      .waitFor({ state: 'detached' });
  });
});

function sectionOf(report: string, title: string): string {
  const section = report.split('\n## ').find((text) => text.startsWith(`${title}\n`));
  assert.ok(section !== undefined, `There is no section "${title}" in:\n${report}`);
  return section;
}
