import assert from 'node:assert/strict';

import { Emitter } from '../../../../../src/common/event.ts';
import { NO_PINS } from '../../../../../src/roles/list/pins/pins.ts';
import type { RolesOwner } from '../../../../../src/roles/list/rolesOwner.ts';
import type * as PickerModule from '../../../../../src/ui/roles/list/rolePicker.ts';
import { VirtualClock } from '../../../../support/virtualClock.ts';
import { loadWithVscode, openPicks } from '../../../support/vscode.ts';
import { janesSession } from '../../../support/session.ts';

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

const JANE = janesSession({ id: 'jane' });

/** The list of these, with what it is to be opened with. */
async function listOf(listings: readonly unknown[]) {
  const { chooseRole } = await loadWithVscode<typeof PickerModule>(
    new URL('../../../../../src/ui/roles/list/rolePicker.ts', import.meta.url),
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

/** The list of two roles, and what makes it one of three: the new one stands first. */
async function openGrowing() {
  const listings = [owned('jane', ['Admin', 'Developer'])];
  const { chooseRole, changed, clock, lists } = await listOf(listings);
  const chosen = chooseRole({ lists, clock, sessions: () => [JANE] }, 'Choose');
  const picker = openPicks.at(-1) ?? assert.fail('nothing was opened');
  const place = (roleName: string): number =>
    picker.items.findIndex((line) => (line as Line).label?.includes(roleName));
  await clock.advance(1000);
  const grow = async (): Promise<void> => {
    listings[0] = owned('jane', ['Abc', 'Admin', 'Developer']);
    const { items } = picker;
    changed.fire();
    // Until the list is another one, and no further: VS Code has not shown it then.
    while (picker.items === items) {
      await clock.advance(1);
    }
  };
  return { chosen, picker, place, grow, clock };
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

  it('has no more lines than anybody reads, fewer where the user searches, and says how many more there are', async () => {
    const roleNames = Array.from({ length: 400 }, (_, index) => `Role${index}`);
    const { chooseRole, clock, lists } = await listOf([owned('jane', roleNames)]);
    const choosing = chooseRole({ lists, clock, sessions: () => [JANE] }, 'Choose');
    const picker = openPicks.at(-1) ?? assert.fail('nothing was opened');
    const roles = (): number => picker.items.filter((line) => ownerOf(line) === 'jane').length;
    const last = (): string | undefined => (picker.items.at(-1) as Line).label;
    assert.deepEqual([roles(), last()], [300, 'More roles: 100']);
    picker.type('role');
    assert.deepEqual([roles(), last()], [100, 'More roles: 300']);
    picker.type('role39');
    assert.deepEqual([roles(), last()], [11, 'Production / Role399']);
    picker.type('');
    assert.deepEqual([roles(), last()], [300, 'More roles: 100']);
    picker.accept(picker.items.at(-1));
    picker.hide();
    assert.equal(await choosing, undefined);
  });

  it('sets nothing but the lines while the user types, as VS Code lays out the list for whatever is set', async () => {
    const { chosen, picker } = await openGrowing();
    const set = new Set<PropertyKey>();
    for (const name of Object.keys(picker).filter((key) => !key.startsWith('on'))) {
      let value: unknown = Reflect.get(picker, name);
      Object.defineProperty(picker, name, {
        get: () => value,
        set: (next: unknown) => {
          value = next;
          set.add(name);
        },
      });
    }
    picker.type('dev');
    assert.deepEqual([...set], ['value', 'items']);
    picker.hide();
    assert.equal(await chosen, undefined);
  });

  it('says whose roles are missing for want of a scope, and signs in with it when that is chosen', async () => {
    const { chooseRole, clock, lists } = await listOf([owned('jane', ['Admin'])]);
    const account = { id: 'john', label: 'john' };
    const session = janesSession({ id: 'john', account, scopes: ['codewhisperer:completions'] });
    const choosing = chooseRole({ lists, clock, sessions: () => [session] }, 'Choose');
    const picker = openPicks.at(-1) ?? assert.fail('nothing was opened');
    const line = picker.items.at(-1) as Line;
    assert.match(line.label ?? '', /Some roles are missing/);
    assert.match(line.detail ?? '', /signed in as john without the scope sso:account:access/);
    picker.accept(line);
    assert.equal(await choosing, 'missingScope');
  });

  describe('where it changes in the moment in which the user chooses', () => {
    it('takes no role that the user has not seen in this place: they choose again', async () => {
      const { chosen, picker, place, grow, clock } = await openGrowing();
      const seen = place('Developer');
      await grow();
      assert.equal(seen, place('Admin'), 'what VS Code would take');
      picker.acceptAt(seen);
      await clock.advance(1000);
      picker.acceptAt(place('Developer'));
      const { roleName } = (await chosen) as { readonly roleName: string };
      assert.equal(roleName, 'Developer');
    });

    it('takes what is in the same place before and after', async () => {
      const { chosen, picker, place, clock } = await openGrowing();
      picker.type('');
      picker.acceptAt(place('Developer'));
      await clock.advance(1000);
      assert.equal(((await chosen) as { readonly roleName: string }).roleName, 'Developer');
    });

    it('takes what is found for what was typed, where Enter follows as soon as it is shown', async () => {
      const { chosen, picker, place, clock } = await openGrowing();
      picker.type('dev');
      picker.activate(place('Developer'));
      picker.acceptAt(place('Developer'));
      await clock.advance(1000);
      picker.hide();
      assert.equal(((await chosen) as { readonly roleName?: string } | undefined)?.roleName, 'Developer');
    });

    it('takes none for what was typed, where the user has moved to a line and the list changes', async () => {
      const { chosen, picker, place, grow, clock } = await openGrowing();
      picker.type('1111');
      picker.activate(place('Developer'));
      const seen = place('Developer');
      await grow();
      picker.acceptAt(seen);
      await clock.advance(1000);
      picker.hide();
      assert.equal(await chosen, undefined);
    });

    it('takes none for what was typed before, where the list changes later', async () => {
      const { chosen, picker, place, grow, clock } = await openGrowing();
      picker.type('1111');
      picker.activate(place('Admin'));
      await clock.advance(1000);
      const seen = place('Admin');
      await grow();
      picker.activate(seen);
      picker.acceptAt(seen);
      await clock.advance(1000);
      picker.hide();
      assert.equal(await chosen, undefined);
    });

    it('takes what is found for what was typed, where Enter follows at once', async () => {
      const { chosen, picker, place } = await openGrowing();
      const seen = place('Admin');
      picker.type('dev');
      picker.acceptAt(seen);
      assert.equal(((await chosen) as { readonly roleName: string }).roleName, 'Developer');
    });
  });
});
