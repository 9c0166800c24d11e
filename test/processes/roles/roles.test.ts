import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MAX_REQUESTS_PER_SECOND } from '../../../src/roles/list/fetch/requestRate.ts';
import { eventually } from '../../support/eventually.ts';
import { startRolesPortal } from '../../support/rolesPortal.ts';
import type { RolesPortal } from '../../support/rolesPortal.ts';
import type { ListProgressMessage } from './window.ts';

const ACCOUNTS = 40;

interface Window {
  readonly process: ChildProcess;
  progress: ListProgressMessage;
}

describe('real windows that list the same roles', function () {
  this.timeout(180_000);

  let storage: string;
  let portal: RolesPortal;
  let windows: Window[];

  beforeEach(async () => {
    storage = await mkdtemp(join(tmpdir(), 'roles-'));
    portal = await startRolesPortal(ACCOUNTS);
    windows = Array.from({ length: 3 }, open);
  });

  afterEach(async () => {
    await Promise.all(windows.map(kill));
    await portal.close();
    await rm(storage, { recursive: true, maxRetries: 3 });
  });

  function open(): Window {
    const child = fork(join(import.meta.dirname, 'window.ts'), [storage, portal.url], { stdio: 'inherit' });
    const window: Window = { process: child, progress: { listed: 0, total: 0, isRenewing: false } };
    child.on('message', (message) => (window.progress = message as ListProgressMessage));
    return window;
  }

  async function kill({ process: child }: Window): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }

  async function untilListed(): Promise<void> {
    for (const window of windows) {
      await eventually(
        'the whole list',
        () => (window.progress.listed === ACCOUNTS && !window.progress.isRenewing) || undefined,
        60_000,
      );
    }
  }

  it('ask for each account once, and all of them show all', async () => {
    await untilListed();
    assert.equal(portal.asked.length, 1 + ACCOUNTS);
    assert.equal(new Set(portal.asked).size, 1 + ACCOUNTS);
    assert.equal(new Set(portal.askers).size, 1);
  });

  it('go on where the one that listed was killed', async () => {
    const half = (): true | undefined => portal.asked.length >= ACCOUNTS / 2 || undefined;
    await eventually('half of it', half, 60_000);
    assert.equal(new Set(portal.askers).size, 1);
    const lister = windows.find(({ process: { pid } }) => String(pid) === portal.askers[0]);
    assert.ok(lister !== undefined);
    await kill(lister);
    windows = windows.filter((window) => window !== lister);
    await untilListed();
    const again = portal.asked.length - new Set(portal.asked).size;
    // What was not saved yet: two seconds of it, and a page of the accounts.
    assert.ok(again <= 2.5 * MAX_REQUESTS_PER_SECOND, `${again} requests again`);
    assert.ok(new Set(portal.asked).size === 1 + ACCOUNTS);
  });

  it('list all of it once more when several of them are told to refresh', async () => {
    await untilListed();
    for (const { process: child } of windows) child.send('refresh');
    await eventually(
      'all asked for again',
      () => portal.asked.length >= 2 * (1 + ACCOUNTS) || undefined,
      60_000,
    );
    await untilListed();
    // A wish that arrives within the first requests has those repeated.
    assert.ok(portal.asked.length <= 2 * (1 + ACCOUNTS) + 10, `${portal.asked.length} requests`);
  });
});
