import assert from 'node:assert/strict';

import type { Session } from '../../../../../src/sessions/session.ts';
import type { SignedOut, StoredSessions } from '../../../../../src/sessions/store/indexFormat.ts';
import { PendingChanges } from '../../../../../src/sessions/store/pending/pendingChanges.ts';
import { ACME } from '../../../support/sessions.ts';

const NOW = 5;

const session = (signedInAt: number, generation: number): Session => ({
  id: 'id',
  account: { id: 'account', label: 'acme' },
  connection: ACME,
  scopes: [],
  signedInAt,
  generation,
  state: { kind: 'signedIn', issuedAt: 1, expiresAt: 2, refreshable: true },
});

/** What is left of a change from `before` to `after` that could not be saved, once the file holds `stored`. */
function applied(
  before: readonly Session[],
  after: readonly Session[],
  stored: readonly Session[],
  signedOut: readonly SignedOut[] = [],
): readonly Session[] {
  const changes = new PendingChanges();
  changes.note(before, after, NOW);
  return changes.applyTo({ sessions: stored, signedOut, damaged: false });
}

function fileWith(...sessions: readonly Session[]): StoredSessions {
  return { sessions, signedOut: [], damaged: false };
}

describe('changes that are not saved yet', () => {
  const first = session(1, 1);
  const refreshed = session(1, 2);
  const signedInAgain = session(9, 2);

  it('keep a sign-in that the file does not have', () => {
    assert.deepEqual(applied([], [first], []), [first]);
  });

  it('keep a sign-in in place over an earlier sign-out in another window', () => {
    assert.deepEqual(applied([first], [signedInAgain], []), [signedInAgain]);
  });

  it('give way to a sign-out that came after the sign-in, in a window that could not know of it', () => {
    assert.deepEqual(applied([first], [signedInAgain], [], [{ id: 'id', at: 10 }]), []);
    assert.deepEqual(applied([first], [signedInAgain], [], [{ id: 'id', at: 8 }]), [signedInAgain]);
  });

  it('keep a sign-out over an earlier sign-in in a window that could not say so', () => {
    assert.deepEqual(applied([first], [], [session(4, 2)]), []);
  });

  it('keep a sign-out of a sign-in that is in the future, by a clock that was set back since', () => {
    const ahead = session(NOW + 3, 1);
    assert.deepEqual(applied([ahead], [], [ahead]), []);
  });

  it('keep a refresh over what it came from', () => {
    assert.deepEqual(applied([first], [refreshed], [first]), [refreshed]);
  });

  it('cannot bring back with a refresh what another window has signed out', () => {
    assert.deepEqual(applied([first], [refreshed], [], [{ id: 'id', at: 3 }]), []);
  });

  it('give way to a later sign-in in another window, whatever its generation', () => {
    assert.deepEqual(applied([first], [refreshed], [signedInAgain]), [signedInAgain]);
  });

  it('keep a sign-out over a refresh in another window', () => {
    assert.deepEqual(applied([first], [], [refreshed]), []);
  });

  it('give up a sign-out when the user has signed in again in another window', () => {
    assert.deepEqual(applied([first], [], [signedInAgain]), [signedInAgain]);
  });

  it('put back what the file has lost, but not what was signed out here', () => {
    const changes = new PendingChanges();
    changes.restore([first]);
    assert.deepEqual(changes.applyTo(fileWith()), [first]);
    const signedOut = new PendingChanges();
    signedOut.note([first], [], NOW);
    signedOut.restore([first]);
    assert.deepEqual(signedOut.applyTo(fileWith()), []);
  });

  it('remember a sign-out as long as the file may only have lost the session', () => {
    const changes = new PendingChanges();
    changes.note([first], [], NOW);
    assert.deepEqual(changes.applyTo(fileWith()), []);
    changes.restore([first]);
    assert.deepEqual(changes.applyTo(fileWith()), []);
  });

  it('are forgotten once saved, except what has changed since', () => {
    const changes = new PendingChanges();
    changes.note([], [first], NOW);
    const onSaved = changes.saving(false);
    changes.note([first], [refreshed], NOW);
    onSaved();
    assert.deepEqual(changes.applyTo(fileWith(first)), [refreshed]);
    changes.saving(false)();
    assert.ok(changes.isEmpty);
  });
});
