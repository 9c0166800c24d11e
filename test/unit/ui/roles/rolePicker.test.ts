import assert from 'node:assert/strict';

import { Emitter } from '../../../../src/common/event.ts';
import { NO_PINS } from '../../../../src/roles/list/pins/pins.ts';
import type { RolesOwner } from '../../../../src/roles/list/rolesOwner.ts';
import type { Session } from '../../../../src/sessions/session.ts';
import type * as PickerModule from '../../../../src/ui/roles/rolePicker.ts';
import { VirtualClock } from '../../../support/virtualClock.ts';
import { loadWithVscode, openPicks } from '../../support/vscode.ts';

const connection = {
  name: 'acme',
  startUrl: 'https://acme.awsapps.com/start',
  region: 'eu-west-1',
};
const account = { accountId: '111122223333', accountName: 'Production', emailAddress: '' };

function owned(user: string, roleNames: readonly string[]) {
  const owner: RolesOwner = {
    key: user,
    sessionId: user,
    connection,
    account: { id: user, label: user },
    needsSignIn: false,
  };
  const accounts = [{ ...account, roleNames, rolesAt: roleNames.length }];
  return { owner, listing: { accounts, accountsAt: 1 }, isRenewing: false };
}

/** The list of these, with what it is to be opened with. */
async function listOf(listings: readonly unknown[]) {
  const { chooseRole } = await loadWithVscode<typeof PickerModule>(
    new URL('../../../../src/ui/roles/rolePicker.ts', import.meta.url),
  );
  const changed = new Emitter<void>();
  const clock = new VirtualClock();
  const lists = {
    follow: () => ({ dispose: () => undefined }),
    onDidChange: changed.event,
    pins: { onDidChange: new Emitter<void>().event, pins: NO_PINS },
    load: async () => undefined,
    listings,
    prefer: () => undefined,
  } as never;
  return { chooseRole, changed, clock, lists };
}

interface Line {
  readonly label?: string;
  readonly detail?: string;
  readonly found?: { readonly item: { readonly owner: RolesOwner } };
}

function ownerOf(line: unknown): string | undefined {
  return (line as Line).found?.item.owner.key;
}

describe('the list of roles', () => {
  for (const [what, roleNames] of [
    ['role', ['Admin']],
    ['account whose roles are not known yet', []],
  ] as const) {
    it(`keeps the cursor on the same user’s ${what} while the list is renewed`, async () => {
      const listings = [owned('jane', roleNames), owned('jane-admin', roleNames)];
      const { chooseRole, changed, clock, lists } = await listOf(listings);
      const choosing = chooseRole({ lists, clock, sessions: () => [] }, 'Choose');
      const picker = openPicks.at(-1) ?? assert.fail('nothing was opened');
      picker.activeItems = picker.items.filter((line) => ownerOf(line) === 'jane-admin');
      changed.fire();
      await clock.advance(1000);
      assert.deepEqual(picker.activeItems.map(ownerOf), ['jane-admin']);
      assert.ok(picker.items.includes(picker.activeItems[0]), 'of the renewed list');
      picker.hide();
      assert.equal(await choosing, undefined);
    });
  }

  it('says whose roles are missing for want of a scope, and signs in with it when that is chosen', async () => {
    const { chooseRole, clock, lists } = await listOf([owned('jane', ['Admin'])]);
    const session: Session = {
      id: '1',
      account: { id: 'john', label: 'john' },
      connection,
      scopes: ['codewhisperer:completions'],
      signedInAt: 1,
      generation: 1,
      state: { kind: 'signedIn', issuedAt: 1, expiresAt: 2e12, refreshable: true },
    };
    const choosing = chooseRole({ lists, clock, sessions: () => [session] }, 'Choose');
    const picker = openPicks.at(-1) ?? assert.fail('nothing was opened');
    const line = picker.items.at(-1) as Line;
    assert.match(line.label ?? '', /Some roles are missing/);
    assert.match(line.detail ?? '', /signed in as john without the scope sso:account:access/);
    picker.accept(line);
    assert.equal(await choosing, 'missingScope');
  });
});
