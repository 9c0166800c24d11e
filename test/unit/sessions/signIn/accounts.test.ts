import assert from 'node:assert/strict';

import type { User } from '../../../../src/flows/idToken.ts';
import { accountChoices, placeSignIn } from '../../../../src/sessions/signIn/accounts.ts';
import type { Placement } from '../../../../src/sessions/signIn/accounts.ts';
import type { Account, Session, SessionState } from '../../../../src/sessions/session.ts';
import { ACME } from '../../support/sessions.ts';

const START_URL = 'https://acme.awsapps.com/start';
const SIGNED_IN: SessionState = { kind: 'signedIn', issuedAt: 0, expiresAt: 1, refreshable: true };
const OVER: SessionState = { kind: 'needsSignIn', reason: 'rejected', since: 0 };

function kept(id: string, placement: Placement, details: Partial<Session> = {}): Session {
  const { account } = placement;
  const rest = { connection: ACME, scopes: [], signedInAt: 0, generation: 1, state: SIGNED_IN };
  return { id, account, ...rest, ...details };
}

function place(
  sessions: readonly Session[],
  { user, ...rest }: Partial<Parameters<typeof placeSignIn>[1]> = {},
): Placement {
  return placeSignIn(sessions, { connection: ACME, scopes: [], user, ...rest });
}

/** The labels of the accounts to choose from; `live`: the sessions that have tokens. */
function choices(
  sessions: readonly Session[],
  live: readonly Session[],
  scopes: readonly string[] = [],
): readonly string[] {
  return accountChoices(sessions, live, { connection: ACME, scopes }).map(({ label }) => label);
}

describe('the account of a sign-in', () => {
  const alice: User = { subject: '1', email: 'alice@acme.example' };
  const bob: User = { subject: '2', email: 'bob@acme.example' };

  it('is labelled with the connection, or the user where the ID token names one', () => {
    assert.equal(place([]).account.label, 'acme');
    assert.equal(place([], { user: alice }).account.label, 'alice@acme.example (acme)');
    assert.equal(place([], { user: { subject: '1' } }).account.label, 'acme');
  });

  it('never has a label twice: VS Code keys its trust by it', () => {
    const first = kept('1', place([]));
    const second = kept('2', place([first]));
    const third = place([first, second]);
    assert.deepEqual([second.account.label, third.account.label], ['acme (2)', 'acme (3)']);
    assert.equal(new Set([first.account.id, second.account.id, third.account.id]).size, 3);
  });

  it('is the same for the same user, whatever account was chosen, and renews in place', () => {
    const one = kept('1', place([], { user: alice }));
    const two = kept('2', place([one], { user: bob }));
    const again = place([one, two], { user: alice, account: two.account });
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

  it('renews the session that the user signs in to again, where another machine has made an equal one', () => {
    const one = kept('1', place([]));
    const two = { ...one, id: '2' };
    assert.equal(place([one, two], { account: one.account, renews: '2' }).renews, two);
    assert.equal(place([one, two], { account: one.account }).renews, one);
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

  for (const [what, more] of [
    ['with another endpoint', { endpointUrl: 'https://sso.acme.example' }],
    ['in another region', { region: 'us-east-1' }],
  ] as const) {
    const elsewhere = { ...ACME, ...more, name: 'elsewhere' };

    it(`is never that of the same subject at an Identity Center ${what}`, () => {
      const one = kept('1', place([], { user: alice }));
      const placed = place([one], { connection: elsewhere, user: alice });
      assert.notEqual(placed.account.id, one.account.id);
      assert.equal(placed.account.label, 'alice@acme.example (elsewhere)');
      assert.equal(placed.renews, undefined);
      const two = kept('2', placed, { connection: elsewhere });
      assert.deepEqual(place([one, two], { connection: elsewhere, user: alice }).renews, two);
      assert.deepEqual(place([one, two], { user: alice }).renews, one);
    });

    it(`is never that of a session that needs sign-in at an Identity Center ${what}, nor is its label`, () => {
      const one = kept('1', place([]), { state: OVER });
      const connection = { ...ACME, ...more };
      const placed = place([one], { connection });
      assert.notEqual(placed.account.id, one.account.id);
      assert.equal(placed.account.label, 'acme (2)');
      assert.equal(placed.renews, undefined);
    });
  }

  it('never has the id of one at another endpoint: an extension that remembers that one would get its session (vscode#226783)', () => {
    const remembered = place([]).account;
    const connection = { ...ACME, endpointUrl: 'https://sso.acme.example', name: 'elsewhere' };
    assert.notEqual(place([], { connection }).account.id, remembered.id);
    assert.notEqual(place([], { connection, account: remembered }).account.id, remembered.id);
    const again = place([], { connection }).account;
    assert.equal(place([], { connection, account: again }).account.id, again.id);
    assert.equal(place([], { account: again }).account.id, remembered.id);
  });

  it('stays when the user corrects where the connection of that name leads, and signs in to it again', () => {
    const one = kept('1', place([]), { state: OVER });
    const connection = { ...ACME, region: 'us-east-1' };
    const more = kept('2', place([one], { scopes: ['more'] }), { scopes: ['more'] });
    const again = { connection, account: one.account, isCorrected: true };
    assert.deepEqual(place([one], again), { account: one.account, renews: one });
    assert.deepEqual(place([one, more], again).renews, one);
    assert.deepEqual(place([one], { ...again, scopes: ['more'] }), {
      account: one.account,
      renews: undefined,
    });
    const { isCorrected: _, ...chosenOnly } = again;
    assert.equal(place([one], chosenOnly).renews, undefined);
  });

  it('keeps its one session when the user corrects its scopes and signs in again', () => {
    const one = kept('1', place([]));
    const placed = place([one], { scopes: ['more'], account: one.account, renews: '1' });
    assert.deepEqual(placed.renews, one);
    const two = kept('2', place([one], { scopes: ['more'] }), { scopes: ['more'] });
    const again = place([one, two], { scopes: ['more'], account: one.account, renews: '1' });
    assert.deepEqual(again.renews, two);
  });

  it('is one account when two ask at once and both codes are confirmed (aws-toolkit-visual-studio#190, aws-sso-cli#110)', () => {
    const one = kept('1', place([], { seen: [] }), { signedInAt: 5 });
    assert.deepEqual(place([one], { seen: [] }), { account: one.account, renews: one });
    assert.equal(place([one], { seen: [one] }).account.label, 'acme (2)');
    assert.equal(place([one], { seen: [], account: 'another' }).account.label, 'acme (2)');
  });

  it('is that of the session whose tokens the keychain has lost (vscode#193301, vscode#120558)', () => {
    const one = kept('1', place([]));
    assert.deepEqual(place([one], { unusable: new Set(['1']) }), { account: one.account, renews: one });
  });

  it('is the one that an extension remembers, where that is signed out and free', () => {
    const remembered: Account = { id: `${START_URL}#2`, label: 'acme (2)' };
    assert.equal(place([], { account: remembered }).account.id, remembered.id);
    const named: Account = { id: `${START_URL}#sub=1`, label: 'alice@acme.example (acme)' };
    assert.equal(place([], { account: named }).account.id, named.id);
    const foreign: Account = { id: 'https://beta.awsapps.com/start', label: 'beta' };
    assert.deepEqual(place([], { account: foreign }).account, { id: START_URL, label: 'acme' });
    const held = kept('1', place([]));
    assert.notEqual(place([held], { account: { ...held.account, id: `${START_URL}#3` } }).renews, held);
  });
});

describe('the accounts among which the user chooses before a sign-in', () => {
  const one = kept('1', place([]));
  const two = kept('2', place([one]), { state: OVER });
  const jane = kept('3', place([], { user: { subject: '3' } }));
  it('are none where nobody is signed in, or one account only waits for its sign-in', () => {
    assert.deepEqual(choices([], []), []);
    assert.deepEqual(choices([two], []), []);
  });

  it('are those there are, where one is signed in already: it may be the same user', () => {
    assert.deepEqual(choices([one], [one]), ['acme']);
    assert.deepEqual(choices([one, two], [one]), ['acme', 'acme (2)']);
  });

  it('are none where an ID token will tell, or for other scopes of the only account', () => {
    assert.deepEqual(choices([jane], [jane]), []);
    assert.deepEqual(choices([one], [one], ['more']), []);
  });

  it('are never those of another Identity Center', () => {
    const beta = { ...one, connection: { ...ACME, region: 'us-east-1' } };
    assert.deepEqual(choices([beta], [beta]), []);
  });
});
