import assert from 'node:assert/strict';

import type { Holder } from '../../../../src/common/locks/holder.ts';
import { settleMs, SharedFolder } from '../../../../src/sessions/store/sharedFolder.ts';
import { VirtualClock } from '../../../support/virtualClock.ts';
import { RecordingLog } from '../../support/sessions.ts';

const DAY_MS = 24 * 3_600_000;

const holder: Holder = { machine: 'one', boot: 'monday', processNamespace: 'host', pid: 1 };

describe('other machines that write to the folder', () => {
  const clock = new VirtualClock();
  const log = new RecordingLog();
  const seen = (machine: string, processNamespace: string, at = clock.now()) => ({
    machine,
    processNamespace,
    at,
  });
  const isShared = (...hosts: readonly ReturnType<typeof seen>[]): boolean => {
    const folder = new SharedFolder({ holder, clock, log });
    folder.note(hosts);
    return folder.isShared;
  };

  it('is nobody on a local disk, whatever the boot', () => {
    assert.equal(isShared(), false);
    assert.equal(isShared(seen('one', 'host')), false);
  });

  it('is another machine, or a container on the same one', () => {
    assert.equal(isShared(seen('two', 'host')), true);
    assert.equal(isShared(seen('one', 'container')), true);
  });

  it('is not one that has long been gone, or whose clock says so', () => {
    const lately = clock.now() - 6 * DAY_MS;
    assert.equal(isShared(seen('two', 'host', lately)), true);
    assert.equal(isShared(seen('two', 'host', lately - 2 * DAY_MS)), false);
    assert.equal(isShared(seen('two', 'host', clock.now() + 8 * DAY_MS)), false);
  });

  it('is remembered when another machine writes over the note', () => {
    const folder = new SharedFolder({ holder, clock, log });
    folder.note([seen('two', 'host', clock.now() - 5)]);
    folder.note([seen('three', 'host')]);
    folder.note([]);
    assert.deepEqual(folder.hosts(), [
      seen('three', 'host'),
      seen('two', 'host', clock.now() - 5),
      seen('one', 'host'),
    ]);
  });

  it('is told of this one, once a day, and only where there is another', () => {
    const folder = new SharedFolder({ holder, clock, log });
    folder.note([seen('one', 'host', clock.now() - 2 * DAY_MS)]);
    assert.equal(folder.isUnannounced, false);
    folder.note([seen('two', 'host')]);
    assert.equal(folder.isUnannounced, true);
    folder.note([seen('two', 'host'), seen('one', 'host')]);
    assert.equal(folder.isUnannounced, false);
    folder.note([seen('two', 'host'), seen('one', 'host', clock.now() - 2 * DAY_MS)]);
    assert.equal(folder.isUnannounced, true);
  });

  it('is logged once', () => {
    log.events.length = 0;
    const folder = new SharedFolder({ holder, clock, log });
    folder.note([seen('one', 'host')]);
    assert.deepEqual(log.events, []);
    folder.note([seen('two', 'host')]);
    folder.note([seen('two', 'host')]);
    assert.deepEqual(
      log.events.map(({ operation }) => operation),
      ['read index'],
    );
  });

  it('stays a short list where containers come and go', () => {
    const folder = new SharedFolder({ holder, clock, log });
    folder.note(
      Array.from({ length: 100 }, (_, index) => seen('one', `container ${index}`, clock.now() - index)),
    );
    assert.equal(folder.hosts().length, 20);
    assert.deepEqual(folder.hosts().at(-1), seen('one', 'host'));
  });
});

describe('a note in a shared folder', () => {
  it('settles within ten seconds, and sooner for a short-lived token', () => {
    assert.equal(settleMs({ issuedAt: 0, expiresAt: 3_600_000 }), 10_000);
    assert.equal(settleMs({ issuedAt: 0, expiresAt: 20_000 }), 2500);
    assert.equal(settleMs({ issuedAt: 5, expiresAt: 0 }), 0);
  });
});
