import assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';

import { fill } from '../../../src/common/words.ts';
import { formatReport, reportPage } from '../../../src/diagnostics/report.ts';
import type { Finding } from '../../../src/diagnostics/finding.ts';

const HOME = '/home/jane';
const report = (...findings: readonly Finding[]): string =>
  formatReport(
    {
      at: Date.UTC(2026, 0, 2),
      facts: { Editor: 'Code 1.139' },
      sections: [{ title: 'Connection to acme', findings }],
    },
    HOME,
    fill,
  );

describe('the report of the diagnostics', () => {
  it('says first what is wrong, and what to do', () => {
    const text = report(
      { title: 'TCP', outcome: 'ok', summary: 'It answers.', durationMs: 3.4 },
      { title: 'TLS', outcome: 'failed', summary: 'Nobody trusts it.', advice: 'Trust it.' },
      { title: 'HTTP', outcome: 'failed', summary: 'A consequence.' },
    );
    const [verdict = ''] = text.split('## ');
    assert.match(
      verdict,
      /^# AWS SSO Diagnostics\n\n\*\*Connection to acme, TLS\*\*: Nobody trusts it\. Trust it\.\n/,
    );
    assert.doesNotMatch(verdict, /consequence/);
    assert.match(text, /^- ✓ OK \*\*TCP\*\* \(3 ms\): It answers\.$/m);
    assert.match(text, /^- ✗ Failed \*\*HTTP\*\*: A consequence\.$/m);
  });

  it('says that nothing is wrong when nothing is', () => {
    assert.match(
      report({ title: 'Proxy', outcome: 'skipped', summary: 'None.' }),
      /^# AWS SSO Diagnostics\n\n\*\*No problems found\.\*\*\n/,
    );
  });

  it('shows text from outside as text, on one line', () => {
    const text = report({ title: 'HTTP', outcome: 'failed', summary: '[x](command:y)\n| <img> | `z` **b**' });
    assert(text.includes(String.raw`\[x\](command:y) \| \<img\> \| \`z\` \*\*b\*\*`), text);
  });

  it("does not name the user's home folder", () => {
    const text = report({ title: 'Files', outcome: 'failed', summary: `${HOME}/.aws/config: broken` });
    assert(text.includes('~/.aws/config: broken'), text);
    assert.doesNotMatch(text, /jane/);
  });

  it("does not name the user's home folder on Windows, whose backslashes are escaped", () => {
    const home = String.raw`C:\Users\jane`;
    const findings = [
      { title: 'Files', outcome: 'failed', summary: String.raw`${home}\.aws\config: broken` },
    ] as const;
    const sections = [{ title: 'Settings', findings }];
    assert.doesNotMatch(formatReport({ at: 0, facts: {}, sections }, home, fill), /jane/);
  });
});

describe('the page of the report', () => {
  it('has no address left that a Markdown preview makes a link of, and shows the same text', () => {
    const addresses = [
      'https://evil.example/path?x=1',
      'http://127.0.0.1:1/x',
      'http://[::1]/x',
      '//evil.example/x',
      'www.evil.example',
      'mailto:me@evil.example',
      'me@evil.example',
      'command:workbench.action.quit',
      'vscode://file/x',
    ];
    const findings = addresses.map((title) => ({ title, outcome: 'failed', summary: title }) as const);
    const text = formatReport({ at: 0, facts: {}, sections: [{ title: 'x', findings }] }, HOME, fill);
    const page = reportPage(text);
    for (const linkify of [true, false]) {
      const html = new MarkdownIt({ html: true, linkify, typographer: true }).render(page);
      assert.doesNotMatch(html, /<(?:a|img|script|iframe|form|input)\b/i);
      for (const address of addresses) {
        assert.ok(html.replaceAll('<!-- -->', '').includes(address), address);
      }
    }
    assert.equal(page.replaceAll('<!-- -->', ''), text);
  });

  it('has nothing from outside that a Markdown preview renders as more than text', () => {
    const hostile =
      '![x](https://evil.example/x.png) [x](command:y) <img src=x> <!-- x --> &lt; `x` $x$ _x_ **x** ~~x~~';
    const report = formatReport(
      {
        at: 0,
        facts: {},
        sections: [{ title: hostile, findings: [{ title: hostile, outcome: 'failed', summary: hostile }] }],
      },
      HOME,
      fill,
    );
    const html = new MarkdownIt({ html: true, linkify: true }).render(reportPage(report));
    assert.doesNotMatch(html, /<(?:a|img|code|em|s|del)\b/i);
    assert.ok(html.includes('&amp;lt;'), html);
  });
});
