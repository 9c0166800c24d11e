import assert from 'node:assert/strict';

import type * as CopyModule from '../../../../src/ui/roles/copyCredentials.ts';
import { VirtualClock } from '../../../support/virtualClock.ts';
import { RecordingLog } from '../../support/sessions.ts';
import { clipboard, env, loadWithVscode } from '../../support/vscode.ts';

const CREDENTIALS = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'secret',
  sessionToken: 'token',
  expiration: 2e12,
};
const MINUTE_MS = 60_000;

describe('credentials on the clipboard', () => {
  let clock: VirtualClock;
  let copied: CopyModule.CredentialsClipboard;

  beforeEach(async () => {
    clipboard.text = '';
    delete clipboard.refusal;
    clock = new VirtualClock();
    const url = new URL('../../../../src/ui/roles/copyCredentials.ts', import.meta.url);
    const { CredentialsClipboard } = await loadWithVscode<typeof CopyModule>(url);
    copied = new CredentialsClipboard(clock, new RecordingLog());
    await copied.copy('json', CREDENTIALS, undefined);
  });

  it('are gone after a minute', async () => {
    assert.match(clipboard.text, /ASIAEXAMPLE/);
    await clock.advance(MINUTE_MS);
    assert.equal(clipboard.text, '');
  });

  it('are gone after a minute too where the system has line ends of its own, as in a browser on Windows', async () => {
    clipboard.text = clipboard.text.replaceAll('\n', '\r\n');
    await clock.advance(MINUTE_MS);
    assert.equal(clipboard.text, '');
  });

  it('leave alone what was copied since', async () => {
    clipboard.text = 'something else';
    await clock.advance(MINUTE_MS);
    assert.equal(clipboard.text, 'something else');
  });

  it('are gone once the window has closed, which waits for that', async () => {
    await copied.close();
    assert.equal(clipboard.text, '');
  });

  it('are gone after a minute too where others that were to replace them could not be copied', async () => {
    const { writeText } = env.clipboard;
    env.clipboard.writeText = () => Promise.reject(new Error('NotAllowedError'));
    await assert.rejects(copied.copy('json', { ...CREDENTIALS, accessKeyId: 'ASIAOTHER' }, undefined));
    env.clipboard.writeText = writeText;
    await clock.advance(MINUTE_MS);
    assert.equal(clipboard.text, '');
  });

  it('stay without an error that nobody handles where the clipboard may not be read, as in a browser', async () => {
    clipboard.refusal = new Error('NotAllowedError');
    await clock.advance(MINUTE_MS);
    await copied.close();
    assert.match(clipboard.text, /ASIAEXAMPLE/);
  });
});
