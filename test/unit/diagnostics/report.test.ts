import assert from 'node:assert/strict';

import { fill } from '../../../src/common/words.ts';
import { formatReport } from '../../../src/diagnostics/report.ts';
import type { Finding } from '../../../src/diagnostics/finding.ts';

const HOME = '/home/jane';
const report = (...findings: readonly Finding[]): string =>
  formatReport(
    {
      at: Date.UTC(2026, 0, 2),
      facts: { Editor: 'Code 1.139' },
      sections: [{ title: 'The way to acme', findings }],
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
    assert.match(verdict, /\*\*The way to acme, TLS\*\*: Nobody trusts it\. Trust it\./);
    assert.doesNotMatch(verdict, /consequence/);
    assert.match(text, /^- ✓ ok \*\*TCP\*\* \(3 ms\): It answers\.$/m);
    assert.match(text, /^- ✗ failed \*\*HTTP\*\*: A consequence\.$/m);
  });

  it('says that nothing is wrong when nothing is', () => {
    assert.match(report({ title: 'Proxy', outcome: 'skipped', summary: 'None.' }), /Nothing is wrong/);
  });

  it('shows the words of strangers as text, on one line', () => {
    const text = report({ title: 'HTTP', outcome: 'failed', summary: '[x](command:y)\n| <img> | `z` **b**' });
    assert(text.includes(String.raw`\[x\](command:y) \| \<img\> \| \`z\` \*\*b\*\*`), text);
  });

  it("does not name the person's home folder", () => {
    const text = report({ title: 'Files', outcome: 'failed', summary: `${HOME}/.aws/config: broken` });
    assert(text.includes('~/.aws/config: broken'), text);
    assert.doesNotMatch(text, /jane/);
  });

  it("does not name the person's home folder on Windows, whose backslashes are escaped", () => {
    const home = String.raw`C:\Users\jane`;
    const findings = [
      { title: 'Files', outcome: 'failed', summary: String.raw`${home}\.aws\config: broken` },
    ] as const;
    const sections = [{ title: 'Settings', findings }];
    assert.doesNotMatch(formatReport({ at: 0, facts: {}, sections }, home, fill), /jane/);
  });
});
