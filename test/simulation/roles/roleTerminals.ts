import { Emitter } from '../../../src/common/event.ts';
import { CredentialsSource } from '../../../src/roles/credentials/credentialsSource.ts';
import { roleKey } from '../../../src/roles/credentials/roleCredentials.ts';
import type { SessionRole } from '../../../src/roles/credentials/roleCredentials.ts';
import type { Disposable } from '../../../src/common/disposable.ts';
import { isRoleForbidden } from '../../../src/roles/credentials/sessionRoles.ts';
import { SeededRandom } from '../../unit/support/sessions.ts';
import { pick } from '../chance.ts';
import { Process } from '../process.ts';
import { World } from '../world.ts';
import { RolePortal } from './rolePortal.ts';
import type { Issued } from './rolePortal.ts';

/** What came of some days with role terminals. */
export interface RolesReport {
  readonly violations: readonly string[];
  readonly answers: number;
  /** Of the answers: those with credentials. */
  readonly available: number;
  readonly requests: number;
  readonly ends: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** As long as tools wait at most (src/roles/credentials/credentialsSource.ts), and a moment. */
const MAX_ANSWER_MS = 701;
const SESSIONS = ['acme', 'beta'];
const ROLES: readonly SessionRole[] = SESSIONS.flatMap((sessionId) =>
  ['Administrator', 'Developer', 'ReadOnly'].map((roleName) => ({
    sessionId,
    accountId: '111122223333',
    roleName,
  })),
);

interface Terminal {
  readonly role: SessionRole;
  readonly using: Disposable;
}

/** Lives `days` days with role terminals and the tools in them; the same seed gives the same life. */
export async function simulateRoles(
  seed: number,
  days: number,
  Source: typeof CredentialsSource = CredentialsSource,
): Promise<RolesReport> {
  const world = new World();
  const random = new SeededRandom(seed);
  const process = new Process(world, 1, random, () => 0);
  const violations = new Set<string>();
  const accuse = (what: string): void => void violations.add(what);
  const portal = new RolePortal(world, process, random, SESSIONS, accuse);
  const changed = new Emitter<void>();
  const terminals = new Set<Terminal>();
  const counts = { answers: 0, available: 0, ends: 0 };
  const source = new Source({
    sessions: { ask: (id) => portal.ask(id), onDidChange: (listener) => changed.event(() => listener()) },
    isForbidden: isRoleForbidden,
    clock: process.clock,
    random,
    log: { info: () => undefined, warn: () => undefined },
  });
  source.onDidEnd(() => (counts.ends += 1));

  const tool = async (role: SessionRole): Promise<void> => {
    const askedAt = world.now;
    const frozenMs = process.stoodStillMs;
    const answer = await source.read(role);
    counts.answers += 1;
    if (world.now - askedAt - (process.stoodStillMs - frozenMs) > MAX_ANSWER_MS) {
      accuse('a tool waited for longer than it does');
    }
    if (answer.kind === 'unavailable') {
      return;
    }
    counts.available += 1;
    const { key, signIn } = JSON.parse(answer.credentials.accessKeyId) as Issued;
    const { state, number } = portal.signIn(role.sessionId);
    if (key !== roleKey(role)) accuse('a tool got the credentials of another role');
    if (answer.credentials.expiration <= world.now) accuse('a tool got credentials that are over');
    if (state !== 'signedIn') accuse('a tool got credentials although the sign-in has ended');
    if (signIn !== number) accuse('a tool got credentials of an earlier sign-in');
    if (![...terminals].some((terminal) => roleKey(terminal.role) === key)) {
      accuse('a tool got credentials although its terminal is closed');
    }
  };
  const actions: readonly (() => void)[] = [
    () => {
      const role = pick(random, ROLES);
      if (role !== undefined) terminals.add({ role, using: source.use(role) });
    },
    () => {
      const terminal = pick(random, terminals);
      if (terminal !== undefined && terminals.delete(terminal)) terminal.using.dispose();
    },
    () => {
      const role = pick(random, ROLES);
      if (role !== undefined && random.uniform() < 0.02) portal.toggle(role);
    },
    () => {
      portal.trouble = random.uniform() < 0.2 ? 0.6 : 0.02;
    },
    () => {
      if (random.uniform() < 0.03) process.freeze(random.uniform() * 4 * 60 * MINUTE_MS);
    },
    () => {
      const id = pick(random, SESSIONS) ?? '';
      const { state } = portal.signIn(id);
      if (state !== 'signedIn' || random.uniform() < 0.2) {
        const ended = random.uniform() < 0.5 ? 'signedOut' : 'needsSignIn';
        portal.change(id, state === 'signedIn' ? ended : 'signedIn');
        changed.fire();
      }
    },
    ...Array.from({ length: 12 }, () => () => {
      const terminal = pick(random, terminals);
      const processes = random.uniform() < 0.1 ? 40 : 1 + Math.floor(random.uniform() * 3);
      for (const role of terminal === undefined ? [] : Array<SessionRole>(processes).fill(terminal.role)) {
        tool(role).catch(() => accuse('an answer failed'));
      }
    }),
  ];
  const next = (): void => {
    // Whoever turns to a process that stands still waits for it.
    process.tell(0, () => pick(random, actions)?.());
    world.after(random.uniform() * 3 * MINUTE_MS, next);
  };
  next();
  await world.run(world.now + days * DAY_MS, () => violations.size > 0);
  source.dispose();
  return { violations: [...violations], ...counts, requests: portal.requests };
}
