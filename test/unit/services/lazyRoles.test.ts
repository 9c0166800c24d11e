import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock } from '../../../src/common/clock.ts';
import { Emitter } from '../../../src/common/event.ts';
import { systemRandom } from '../../../src/common/random.ts';
import { rolesOwners } from '../../../src/roles/list/rolesOwner.ts';
import type * as LazyRolesModule from '../../../src/services/lazyRoles.ts';
import type { SessionState } from '../../../src/sessions/session.ts';
import { sessionsChange } from '../../../src/sessions/store/difference.ts';
import type { SessionsChange } from '../../../src/sessions/store/difference.ts';
import { eventually } from '../../support/eventually.ts';
import { accounts, FakePortal } from '../roles/list/support.ts';
import { openHostLocks } from '../support/hostLocks.ts';
import { openRoleLists } from '../support/roleLists.ts';
import { RecordingLog } from '../support/sessions.ts';
import { clicks, executed, loadWithVscode, notifications, window } from '../support/vscode.ts';
import { janesSession } from '../support/session.ts';

const SERVICES = new URL('../../../src/services/', import.meta.url);
const STORAGE = join('/', 'storage');
const CREDENTIALS_URL = { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1/credentials/a' };

/** As a role terminal has it. */
const ENV = { ...CREDENTIALS_URL, AWS_CONFIG_FILE: join(STORAGE, 'role-terminals', 'a', 'config') };

/** Opens a terminal with this environment. @param closed gets its name once it is closed */
function openTerminal(name: string, closed: string[], env?: object): void {
  window.terminals.push({ name, creationOptions: { env }, dispose: () => closed.push(name) });
}

/** @param meanwhile what happens before the sessions are read, which may take a while */
async function tell(meanwhile: () => void = () => undefined): Promise<void> {
  // Loaded when it is needed, without the module that stands for VS Code.
  await loadWithVscode(new URL('roles.ts', SERVICES));
  const { LazyRoles } = await loadWithVscode<typeof LazyRolesModule>(new URL('lazyRoles.ts', SERVICES));
  const sessions = { sessions: [], onDidUpdate: new Emitter<void>().event };
  const roles = new LazyRoles({ storage: STORAGE, sessions } as never);
  meanwhile();
  await roles.tellOfLeftTerminals();
  await roles.close();
}

describe('role terminals that have outlived their extension host', () => {
  let closed: string[];

  beforeEach(() => {
    for (const list of [notifications, executed, window.terminals]) {
      list.length = 0;
    }
    clicks.clear();
    closed = [];
  });
  after(() => {
    window.terminals.length = 0;
    clicks.clear();
  });

  function openRoleTerminals(): void {
    openTerminal('Developer @ Production', closed, ENV);
    openTerminal('Developer @ Production', closed, ENV);
    openTerminal('Admin @ Staging', closed, { ...ENV, AWS_REGION: 'eu-west-1' });
  }

  /** Those that have nothing to do with ours, though they may use the same variables. */
  function openOthers(): void {
    openTerminal('bash', closed);
    openTerminal('of another extension', closed, CREDENTIALS_URL);
    const AWS_CONFIG_FILE = join(STORAGE, 'role-terminals-beside', 'config');
    openTerminal('beside', closed, { ...CREDENTIALS_URL, AWS_CONFIG_FILE });
  }

  it('are named once each, and stay as they are until the user decides', async () => {
    openRoleTerminals();
    await tell();
    assert.equal(notifications.length, 1);
    assert.match(
      notifications[0] ?? '',
      /can't get credentials any more.*: Developer @ Production, Admin @ Staging\./,
    );
    assert.deepEqual([closed, executed], [[], []]);
  });

  it('are closed when the user wants it, and no other terminal is', async () => {
    openOthers();
    openRoleTerminals();
    clicks.add('Close These Terminals');
    await tell();
    assert.deepEqual(closed, ['Developer @ Production', 'Developer @ Production', 'Admin @ Staging']);
  });

  it('lead to a new one', async () => {
    openRoleTerminals();
    clicks.add('Open Role Terminal');
    await tell();
    assert.deepEqual(executed, [['awsSso.openRoleTerminal']]);
    assert.deepEqual(closed, []);
  });

  it('are the only ones that anything is said about', async () => {
    openOthers();
    await tell();
    assert.deepEqual(notifications, []);
  });

  it('are not those that were opened since, while the disk was slow', async () => {
    clicks.add('Close These Terminals');
    await tell(openRoleTerminals);
    assert.deepEqual([notifications, closed], [[], []]);
  });
});

describe('the list of roles of a user who signs out in a window that has not used it', function () {
  this.timeout(20_000);

  let storage: string;

  beforeEach(async () => {
    storage = await mkdtemp(join(tmpdir(), 'lazy-roles-'));
    await mkdir(join(storage, 'roles'));
  });

  afterEach(() => rm(storage, { recursive: true, maxRetries: 3 }));

  const listFiles = (): Promise<readonly string[]> => readdir(join(storage, 'roles'));

  const ended: SessionState = { kind: 'needsSignIn', reason: 'expired', since: 1 };
  for (const [name, state] of [
    ['is signed in', janesSession().state],
    ['has to sign in again', ended],
  ] as const) {
    it(`and ${name} goes from the disk`, async () => {
      const session = janesSession({ state });
      const before = await openRoleLists(
        storage,
        () => new FakePortal(systemClock, { accounts: accounts(1) }),
      );
      before.lists.setOwners(rolesOwners([janesSession()]));
      before.lists.refresh();
      await eventually('the list', async () => (await listFiles()).length === 1 || undefined);
      await before.close();

      await loadWithVscode(new URL('roles.ts', SERVICES));
      const { LazyRoles } = await loadWithVscode<typeof LazyRolesModule>(new URL('lazyRoles.ts', SERVICES));
      const [changed, updated] = [new Emitter<SessionsChange>(), new Emitter<void>()];
      const sessions = { sessions: [session], onDidChange: changed.event, onDidUpdate: updated.event };
      const locks = await openHostLocks(join(storage, 'locks'));
      const basics = { clock: systemClock, random: systemRandom, log: new RecordingLog() };
      const extension = { extensionPath: '/', extensionKind: 1 };
      const roles = new LazyRoles({ ...basics, storage, sessions, locks, extension } as never);
      updated.fire();
      const change = sessionsChange(sessions.sessions, []);
      sessions.sessions = [];
      if (change !== undefined) {
        changed.fire(change);
      }
      updated.fire();
      await eventually('no list', async () => (await listFiles()).length === 0 || undefined);
      await roles.close();
      locks.dispose();
    });
  }
});
