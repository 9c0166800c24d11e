import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { copyText } from '../../../src/roles/copyFormats.ts';
import type { CopyFormat } from '../../../src/roles/copyFormats.ts';

const run = promisify(execFile);
const CREDENTIALS = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: `a'b"c$d\\e%f\`g/h+i=`,
  sessionToken: 'token==',
  expiration: Date.UTC(2026, 0, 1, 12, 0, 0, 500),
};

function line(format: CopyFormat): string | undefined {
  return copyText(format, { ...CREDENTIALS, secretAccessKey: `it's\\` }, undefined)
    .split('\n')
    .find((text) => text.includes('AWS_SECRET_ACCESS_KEY'));
}

describe('credentials to paste', () => {
  it('are what a shell then has', async () => {
    const text = copyText('bash', CREDENTIALS, 'eu-west-1');
    const script = `${text}\nprintf '%s\\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN" "$AWS_REGION"`;
    const { stdout } = await run('bash', ['-c', script]);
    assert.deepEqual(stdout.split('\n').slice(0, 4), [
      CREDENTIALS.accessKeyId,
      CREDENTIALS.secretAccessKey,
      CREDENTIALS.sessionToken,
      'eu-west-1',
    ]);
  });

  it('say when they end', () => {
    for (const format of ['bash', 'PowerShell', 'fish', 'dotenv'] as const) {
      assert.match(copyText(format, CREDENTIALS, undefined), /^# .*2026-01-01T12:00:00Z\n/);
    }
    assert.match(copyText('cmd', CREDENTIALS, undefined), /^rem .*2026-01-01T12:00:00Z\n/);
    assert.equal(
      (JSON.parse(copyText('json', CREDENTIALS, undefined)) as { Expiration: string }).Expiration,
      '2026-01-01T12:00:00Z',
    );
  });

  it('are written as each shell quotes', () => {
    assert.equal(line('PowerShell'), `$Env:AWS_SECRET_ACCESS_KEY = 'it''s\\'`);
    assert.equal(line('fish'), `set -gx AWS_SECRET_ACCESS_KEY 'it\\'s\\\\'`);
    assert.equal(line('cmd'), `set "AWS_SECRET_ACCESS_KEY=it's\\"`);
    assert.equal(line('dotenv'), `AWS_SECRET_ACCESS_KEY=it's\\`);
  });
});
