import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock } from '../../../../src/common/clock.ts';
import { inEnglish } from '../../../../src/common/words.ts';
import { listFailureWords, progressWords } from '../../../../src/roles/list/listStatus.ts';
import { RoleListView } from '../../../../src/roles/list/roleListView.ts';
import type { RolesOwner } from '../../../../src/roles/list/rolesOwner.ts';
import type { RoleKey } from '../../../../src/roles/role.ts';
import { eventually } from '../../../support/eventually.ts';
import { VirtualClock } from '../../../support/virtualClock.ts';
import { openRoleLists } from '../../support/roleLists.ts';
import type { ListsOfWindow } from '../../support/roleLists.ts';
import { account, accounts, FakePortal, noAccess, owner, unauthorized } from './support.ts';
import type { Asked } from './support.ts';

const JANE = owner('acme');

async function shown(view: RoleListView, count: number): Promise<readonly string[]> {
  await eventually(`${count} roles`, () => {
    const { progress } = view.status;
    const roles = view.find('').filter(({ roleName }) => roleName !== undefined);
    return (roles.length === count && progress.kind === 'listed') || undefined;
  });
  return view.items(view.find('')).map(({ label, description }) => inEnglish([label, ' · ', description]));
}

function status(view: RoleListView): string {
  return inEnglish(progressWords(view.status.progress, () => '9:41'));
}

function firstIsForbidden({ what }: Asked): Error | undefined {
  return what === account(1).accountId ? noAccess() : undefined;
}

function admin(number: number): RoleKey {
  return { connection: 'acme', accountId: account(number).accountId, roleName: 'Admin' };
}

describe('the list of roles that a user looks at', function () {
  this.timeout(60_000);

  let path: string;
  let opened: ListsOfWindow[];
  let views: RoleListView[];
  let portals: FakePortal[];
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'roles-'));
    [opened, views, portals] = [[], [], []];
  });
  afterEach(async () => {
    for (const view of views) view.dispose();
    for (const window of opened) await window.close();
    await rm(path, { recursive: true, maxRetries: 3 });
  });

  async function window(
    owners: readonly RolesOwner[],
    options: ConstructorParameters<typeof FakePortal>[1],
  ): Promise<ListsOfWindow> {
    const portal = new FakePortal(systemClock, options);
    portals.push(portal);
    const opening = await openRoleLists(path, () => portal);
    opening.lists.setOwners(owners);
    opened.push(opening);
    return opening;
  }

  function look({ lists }: ListsOfWindow): RoleListView {
    const view = new RoleListView(lists, systemClock);
    views.push(view);
    return view;
  }

  function askedFor(): readonly string[] {
    return portals.flatMap(({ asked }) => asked.map(({ what }) => what));
  }

  it('says what it waits for, and is there at once from the cache the next time, without a request (aws-sso-cli#448)', async () => {
    const first = await window([JANE], { accounts: accounts(30) });
    const view = look(first);
    const seen = new Set<string>();
    view.onDidChange(() => seen.add(status(view)));
    await eventually('loading', () => status(view) === 'Loading accounts…' || undefined);
    assert.deepEqual((await shown(view, 60)).slice(0, 2), [
      'Account 0 / AdministratorAccess · 111100000000',
      'Account 0 / ReadOnlyAccess · 111100000000',
    ]);
    assert.equal(status(view), 'Updated: 9:41');
    assert.ok(
      [...seen].some((text) => /^Loading roles: \d+ of 30 accounts$/.test(text)),
      [...seen].join(),
    );
    const count = askedFor().length;
    await first.close();
    opened = [];
    const again = look(await window([JANE], { accounts: accounts(30) }));
    assert.equal((await shown(again, 60)).length, 60);
    assert.equal(askedFor().length, count);
  });

  it('is shown as soon as it has been read from the cache, however long later changes are gathered', async () => {
    const first = await window([JANE], { accounts: accounts(30) });
    await shown(look(first), 60);
    await first.close();
    opened = [];
    const { lists } = await window([JANE], { accounts: accounts(30) });
    // On which nothing passes that the list waits for.
    const view = new RoleListView(lists, new VirtualClock());
    views.push(view);
    assert.equal(view.find('').length, 0);
    await new Promise<void>((resolve) => view.onDidChange(resolve));
    assert.equal(view.find('').length, 60);
  });

  it('is kept for its owner only, without naming anybody in the name of the file', async () => {
    await shown(look(await window([JANE], { accounts: accounts(1) })), 2);
    const folder = join(path, 'roles');
    const files = await eventually('the file', async () => {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
      return names.length === 1 ? names : undefined;
    });
    assert.match(files[0] ?? '', /^[\w-]{32}\.json$/);
    assert.equal((await stat(join(folder, files[0] ?? ''))).mode & 0o077, 0);
    assert.equal((await stat(folder)).mode & 0o077, 0);
  });

  it('has the roles of what the user searches before all others (aws-toolkit-jetbrains#4482)', async () => {
    const opening = await window([JANE], { accounts: accounts(60), latencyMs: 5 });
    const view = look(opening);
    await eventually('the accounts', () => view.find('').length >= 60 || undefined);
    const pending = view.items(view.find('Account 57'));
    assert.deepEqual(
      pending.map(({ label, detail, role }) => [label, inEnglish(detail), role]),
      [['Account 57', 'Loading roles…', undefined]],
    );
    const roles = await eventually('its roles', () => {
      const found = view.items(view.find('Account 57 readonly')).flatMap(({ role }) => role ?? []);
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(roles, [
      { connection: 'acme', accountId: account(57).accountId, roleName: 'ReadOnlyAccess' },
    ]);
    assert.ok(askedFor().indexOf(account(57).accountId) < 30);
    assert.ok(askedFor().length < 40);
  });

  it('names what could not be listed, with the words of the service and the request id', async () => {
    const view = look(await window([JANE], { accounts: accounts(2), fail: firstIsForbidden }));
    await eventually(
      'the end',
      () => (view.status.failures.length > 0 && !status(view).startsWith('Load')) || undefined,
    );
    const why =
      'You don\'t have access. Ask your administrator if you need it. The service said: "No access" Request ID: request-1.';
    assert.deepEqual(view.status.failures.map(listFailureWords).map(inEnglish), [
      `The roles of account Account 1 (111100000001) couldn't be listed: ${why}`,
    ]);
    const failed = view.items(view.find('')).find(({ accountId }) => accountId === account(1).accountId);
    assert.equal(inEnglish(failed?.detail ?? ''), why);
    assert.equal(status(view), 'Updated: 9:41');
  });

  it('keeps the roles of a session that needs sign-in, asks nothing for it, and drops them at sign-out', async () => {
    const opening = await window([JANE], { accounts: accounts(1) });
    const view = look(opening);
    await shown(view, 2);
    const count = askedFor().length;
    opening.lists.setOwners([owner('acme', 'jane', true)]);
    opening.lists.refresh();
    const items = await eventually('the mark', () => {
      const all = view.items(view.find(''));
      return all.every(({ description }) => inEnglish(description).endsWith('Sign-in needed'))
        ? all
        : undefined;
    });
    assert.equal(items.length, 2);
    assert.equal(askedFor().length, count);
    opening.lists.setOwners([]);
    await eventually('nothing', () => view.find('').length === 0 || undefined);
    assert.equal(status(view), 'Sign in to see your roles.');
    await eventually('the file is gone', async () => {
      const files = await readdir(join(path, 'roles'));
      return files.length === 0 || undefined;
    });
  });

  it('goes on in the next window where one that was closed had stopped', async () => {
    const first = await window([JANE], { accounts: accounts(30) });
    const view = look(first);
    await eventually('a part of it', () => view.find('readonly').length > 5 || undefined);
    await first.close();
    opened = [];
    await shown(look(await window([JANE], { accounts: accounts(30) })), 60);
    const again = askedFor().length - new Set(askedFor()).size;
    assert.ok(again <= 2, `${again} requests again`);
  });

  it('has what a user looks at in one window before all others, while another one lists', async () => {
    const lister = await window([JANE], { accounts: accounts(80), latencyMs: 5 });
    const listing = look(lister);
    await eventually('the accounts', () => listing.find('').length >= 80 || undefined);
    const other = look(await window([JANE], { accounts: accounts(80) }));
    await eventually('the accounts there', () => other.find('').length >= 80 || undefined);
    other.find('Account 78');
    await eventually('its roles', () => other.find('Account 78 readonly').length === 1 || undefined);
    assert.equal(portals.filter(({ asked }) => asked.length > 0).length, 1);
    assert.ok(askedFor().length < 75, `${askedFor().length} requests`);
  });

  it('drops what is still being listed at sign-out, also from the disk', async () => {
    const opening = await window([JANE], { accounts: accounts(40) });
    const view = look(opening);
    await eventually('a part of it', () => view.find('readonly').length > 3 || undefined);
    opening.lists.setOwners([]);
    await opening.close();
    opened = [];
    assert.deepEqual(await readdir(join(path, 'roles')), []);
  });

  it('has several connections and several users in one, and says whose each role is', async () => {
    const owners = [JANE, owner('acme', 'admin'), owner('globex')];
    const view = look(await window(owners, { accounts: accounts(1), roles: () => ['Admin'] }));
    assert.deepEqual(await shown(view, 3), [
      'Account 0 / Admin · 111100000000 · acme · jane (acme)',
      'Account 0 / Admin · 111100000000 · acme · admin (acme)',
      'Account 0 / Admin · 111100000000 · globex',
    ]);
  });

  it('puts pinned roles first, then those used lately, in every window', async () => {
    const here = await window([JANE], { accounts: accounts(3), roles: () => ['Admin'] });
    const there = await window([JANE], { accounts: accounts(3), roles: () => ['Admin'] });
    const view = look(there);
    await shown(view, 3);
    await here.lists.pins.setUsed(admin(1));
    await here.lists.pins.setPinned(admin(2), true);
    const items = await eventually('the order', () => {
      const all = view.items(view.find(''));
      return all[0]?.isPinned === true && all[1]?.isRecent === true ? all : undefined;
    });
    assert.deepEqual(
      items.map(({ accountId }) => accountId.slice(-1)),
      ['2', '1', '0'],
    );
  });

  it('starts again where the cache is damaged, and leaves that of a newer version alone', async () => {
    const first = await window([JANE], { accounts: accounts(1) });
    await shown(look(first), 2);
    await first.close();
    const [file = ''] = (await readdir(join(path, 'roles'))).map((name) => join(path, 'roles', name));
    await writeFile(file, (await readFile(file, 'utf8')).slice(0, 100));
    const second = await window([JANE], { accounts: accounts(1) });
    await shown(look(second), 2);
    await second.close();
    const newer = (await readFile(file, 'utf8')).replace('"format":1', '"format":2');
    await writeFile(file, newer);
    const third = await window([JANE], { accounts: accounts(1) });
    await shown(look(third), 2);
    await third.close();
    opened = [];
    assert.equal(await readFile(file, 'utf8'), newer);
  });

  describe('that was listed while the clock was ahead', () => {
    beforeEach(async () => {
      const first = await window([JANE], { accounts: accounts(3), fail: firstIsForbidden });
      const view = look(first);
      await eventually('the end', () => view.status.progress.kind === 'listed' || undefined);
      await first.close();
      opened = [];
      const [file = ''] = (await readdir(join(path, 'roles'))).map((name) => join(path, 'roles', name));
      const ahead = (await readFile(file, 'utf8')).replaceAll(
        /(?<=At"|at"|since"):(\d{13})/g,
        (_, at) => `:${Number(at) + 3_600_000}`,
      );
      await writeFile(file, ahead);
    });

    it('is shown without a time where AWS cannot be reached', async () => {
      const opening = await window([JANE], { accounts: accounts(3), fail: unauthorized });
      const view = look(opening);
      await eventually('the end', () => view.status.failures.length > 0 || undefined);
      await eventually('its status', () => status(view) === 'The list is incomplete.' || undefined);
      assert.equal(view.find('readonly').length, 2, 'as it was');
    });

    it('is listed again as soon as it is shown', async () => {
      const opening = await window([JANE], { accounts: accounts(3) });
      const view = look(opening);
      await shown(view, 6);
      const asked = portals[1]?.asked.map(({ what }) => what);
      assert.deepEqual(asked?.toSorted(), [...accounts(3).map(({ accountId }) => accountId), 'accounts']);
      assert.deepEqual(view.status.failures, []);
    });
  });

  it('is listed once where the clock is set back after the user asked for that', async () => {
    const clock = new VirtualClock();
    const portal = new FakePortal(clock, { accounts: accounts(3) });
    const opening = await openRoleLists(path, () => portal, clock);
    opened.push(opening);
    const { lists } = opening;
    const listed = (): Promise<true> =>
      eventually('the end', async () => {
        await clock.advance(100);
        return lists.listings.every(({ isRenewing }) => !isRenewing) || undefined;
      });
    lists.setOwners([JANE]);
    await clock.advance(1000);
    lists.refresh();
    await listed();
    assert.equal(portal.asked.length, 4);
    clock.setBack(3_600_000);
    await lists.load();
    await listed();
    assert.equal(portal.asked.length, 8, 'as there is no telling when it was');
    await lists.load();
    await listed();
    assert.equal(portal.asked.length, 8);
  });

  it('works without a disk', async () => {
    const opening = await window([JANE], { accounts: accounts(1) });
    await rm(path, { recursive: true });
    await writeFile(path, 'no folder');
    await shown(look(opening), 2);
    assert.ok(opening.events.length > 0, 'nothing of it is logged');
  });
});
