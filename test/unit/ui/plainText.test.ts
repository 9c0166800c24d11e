import assert from 'node:assert/strict';

import type { LogOutputChannel } from 'vscode';

import { formatReport } from '../../../src/diagnostics/report.ts';
import { fill } from '../../../src/common/words.ts';
import { OutputLog } from '../../../src/ui/outputLog.ts';
import { plain } from '../../../src/ui/plainText.ts';

const HOSTILE = 'acme\u202E\u200B](command:quit)\n\u0007';

describe('what is shown to a user', () => {
  it('brings no link of its own into a notification, nothing invisible and no other direction', () => {
    assert.equal(
      plain(`Signed in to ${HOSTILE} [x](command:y)`),
      'Signed in to acme ] (command:quit) [x] (command:y)',
    );
    assert.ok(plain('x'.repeat(2 ** 20)).length <= 4000);
  });

  it('is one line in the log, whatever is in a name', () => {
    const lines: string[] = [];
    const channel = { info: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
    const log = new OutputLog(channel as unknown as LogOutputChannel);
    log.info({
      operation: 'sign-in',
      outcome: 'signed in',
      connection: HOSTILE,
      requestId: 'id\nsign-in: forged',
    });
    assert.deepEqual(lines, [
      'sign-in: signed in connection=acme ](command:quit) requestId=id sign-in: forged',
    ]);
  });

  it('is text in the report, on one line', () => {
    const findings = [{ title: HOSTILE, outcome: 'ok', summary: HOSTILE } as const];
    const report = formatReport({ at: 0, facts: {}, sections: [{ title: 'x', findings }] }, '/home/x', fill);
    assert.ok(report.includes(String.raw`**acme \](command:quit)**: acme \](command:quit)`), report);
    assert.doesNotMatch(report.replaceAll('\n', ''), /[\p{C}\u200B]/u);
  });
});
