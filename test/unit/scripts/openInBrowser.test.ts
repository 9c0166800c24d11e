import assert from 'node:assert/strict';

import { openInBrowser } from '../../../scripts/common/openInBrowser.ts';

const DESKTOP = { DISPLAY: ':0', WAYLAND_DISPLAY: 'wayland-0' };

describe('the page of a started VS Code', () => {
  for (const [where, env] of [
    ['in continuous integration', { ...DESKTOP, CI: 'true' }],
    ['over SSH', { ...DESKTOP, SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22' }],
    ...(process.platform === 'linux' ? [['where there is no display', {}] as const] : []),
  ] as const) {
    it(`is opened in no browser ${where}`, async () => {
      assert.equal(await openInBrowser(new URL('http://127.0.0.1:9/'), env), false);
    });
  }
});
