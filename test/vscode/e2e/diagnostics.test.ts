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

  it('names the proxy as the broken hop, and where it comes from, and holds no secret', async () => {
    const { editor } = scene;
    await editor.run('AWS Consumer: Sign In');
    await editor.dialog.getByRole('button', { name: 'Allow' }).click();
    await editor.pickEntry('embedded').click();
    await editor.userCode.waitFor();
    await approve(scene);
    const session = await eventually('the consumer has a session', () => lastSession(scene));

    await editor.run('AWS SSO: Run Diagnostics');
    await editor.document.filter({ hasText: 'AWS SSO diagnostics' }).waitFor({ timeout: 30_000 });
    await editor.screenshot('report');
    const report = await editor.readDocument();
    assert.match(
      sectionOf(report, 'The way to company'),
      new RegExp(String.raw`✗ failed \*\*Proxy\*\*.*The proxy ${proxy}, from http\.proxy .* cannot be used`),
    );
    assert.doesNotMatch(sectionOf(report, 'The way to embedded'), /failed/);
    const machine = sectionOf(report, 'This machine');
    assert.match(
      machine,
      /✓ ok \*\*Locks\*\*.*file locks and lock files work in .*keep a second process out/,
    );
    assert.match(sectionOf(report, 'Sessions'), /✓ ok \*\*embedded .*Signed in: token valid for 60 min/);
    assert.match(report.split('## ', 1)[0] ?? '', /\*\*The way to company, Proxy\*\*/);
    assert.ok(!report.includes(session.accessToken), 'the report holds the access token');
    assert.ok(!report.includes(scene.home), 'the report names the home folder');
    await editor.discardDocument();
  });
});

function sectionOf(report: string, title: string): string {
  const section = report.split('\n## ').find((text) => text.startsWith(`${title}\n`));
  assert.ok(section !== undefined, `There is no section "${title}" in:\n${report}`);
  return section;
}
