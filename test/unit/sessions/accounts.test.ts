import assert from 'node:assert/strict';

import type { Person } from '../../../src/flows/idToken.ts';
import { placeSignIn } from '../../../src/sessions/accounts.ts';
import type { Placement } from '../../../src/sessions/accounts.ts';
import type { Session, SessionState } from '../../../src/sessions/session.ts';
import { ACME } from '../support/sessions.ts';

const SIGNED_IN: SessionState = { kind: 'signedIn', issuedAt: 0, expiresAt: 1, refreshable: true };
const OVER: SessionState = { kind: 'needsSignIn', reason: 'rejected', since: 0 };

function kept(id: string, placement: Placement, details: Partial<Session> = {}): Session {
  const { account } = placement;
  const rest = { connection: ACME, scopes: [], signedInAt: 0, generation: 1, state: SIGNED_IN };
  return { id, account, ...rest, ...details };
}

function place(
  sessions: readonly Session[],
  { person, ...rest }: Partial<Parameters<typeof placeSignIn>[1]> = {},
): Placement {
  return placeSignIn(sessions, { connection: ACME, scopes: [], person, ...rest });
}

describe('the account of a sign-in', () => {
  const alice: Person = { subject: '1', email: 'alice@acme.example' };
  const bob: Person = { subject: '2', email: 'bob@acme.example' };

  it('is labelled with the connection, or the person where the ID token names one', () => {
    assert.equal(place([]).account.label, 'acme');
    assert.equal(place([], { person: alice }).account.label, 'alice@acme.example (acme)');
    assert.equal(place([], { person: { subject: '1' } }).account.label, 'acme');
  });

  it('never has a label twice: VS Code keys its trust by it', () => {
    const first = kept('1', place([]));
    const second = kept('2', place([first]));
    const third = place([first, second]);
    assert.deepEqual([second.account.label, third.account.label], ['acme (2)', 'acme (3)']);
    assert.equal(new Set([first.account.id, second.account.id, third.account.id]).size, 3);
  });

  it('is the same for the same person, whatever account was chosen, and renews in place', () => {
    const one = kept('1', place([], { person: alice }));
    const two = kept('2', place([one], { person: bob }));
    const again = place([one, two], { person: alice, account: two.account });
    assert.deepEqual(again, { account: one.account, renews: one });
  });

  it('is the chosen one where no ID token tells', () => {
    const one = kept('1', place([]));
    assert.deepEqual(place([one], { account: one.account }), { account: one.account, renews: one });
  });

  it('is a new one where the chosen one is known no more: nobody chose one of the others', () => {
    const one = kept('1', place([]), { state: OVER });
    const chosen = { id: 'unknown', label: 'unknown' };
    const placed = place([one], { account: chosen });
    assert.equal(placed.renews, undefined);
    assert.deepEqual(placed.account, place([kept('2', place([]))]).account);
    assert.equal(placed.account.label, 'acme (2)');
  });

  it('is that of the session that needs sign-in, where nothing else tells', () => {
    const one = kept('1', place([]), { state: OVER });
    assert.deepEqual(place([one]), { account: one.account, renews: one });
  });

  it('takes further scopes as a further session of the same account', () => {
    const one = kept('1', place([]));
    assert.deepEqual(place([one], { scopes: ['other'] }), { account: one.account, renews: undefined });
  });

  it('keeps its label when it is renewed under another name of the connection', () => {
    const one = kept('1', place([]));
    const connection = { ...ACME, name: 'renamed' };
    assert.equal(place([one], { connection, account: one.account }).account.label, 'acme');
  });

  it('is not shared between Identity Centers', () => {
    const one = kept('1', place([]));
    const connection = { ...ACME, startUrl: 'https://other.awsapps.com/start' };
    const placed = place([one], { connection, account: one.account });
    assert.notEqual(placed.account.id, one.account.id);
    assert.equal(placed.renews, undefined);
  });
});
