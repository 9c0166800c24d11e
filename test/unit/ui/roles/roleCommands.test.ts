import assert from 'node:assert/strict';

import type { Session } from '../../../../src/sessions/session.ts';
import type { ShownRole } from '../../../../src/ui/roles/chosenRole.ts';
import { RoleChoice } from '../../../../src/ui/roles/roleChoice.ts';
import type * as CommandsModule from '../../../../src/ui/roles/roleCommands.ts';
import { loadWithVscode, notifications } from '../../support/vscode.ts';

const ROLE = { accountId: '111122223333', roleName: 'Developer', region: 'eu-west-1' };

interface Differs {
  readonly connection?: string;
  readonly user?: string;
  readonly scopes?: readonly string[];
}

function session(id: string, { connection = 'acme', user = 'jane', scopes = [] }: Differs = {}): Session {
  return {
    id,
    account: { id: user, label: user },
    connection: {
      name: connection,
      startUrl: `https://${connection}.awsapps.com/start`,
      region: 'eu-west-1',
    },
    scopes,
    signedInAt: 1,
    generation: 1,
    state: { kind: 'signedIn', issuedAt: 1, expiresAt: 2e12, refreshable: true },
  };
}

/** The commands, and what they come to: the id of the session that a role is taken with, or what is asked. */
async function commandsOf(sessions: readonly Session[]) {
  const url = new URL('../../../../src/ui/roles/roleCommands.ts', import.meta.url);
  const { RoleCommands } = await loadWithVscode<typeof CommandsModule>(url);
  const seen: unknown[] = [];
  const commands = new RoleCommands({
    choice: new RoleChoice({
      sessions: { sessions },
      signIn: async () => void seen.push('sign in'),
      choose: async (_title, query) => void seen.push(`choose: ${query}`),
    }),
    region: async () => assert.fail('the argument has it'),
    used: async () => undefined,
    refresh: () => undefined,
    source: undefined as never,
    terminals: {
      prepare: async ({ role }: ShownRole) => {
        seen.push(role.sessionId);
        throw new Error('not opened in this test');
      },
    } as never,
    clipboard: undefined as never,
    isTerminalHere: true,
    showLog: () => undefined,
  });
  return { commands, seen };
}

async function opened(sessions: readonly Session[], argument: unknown): Promise<readonly unknown[]> {
  const { commands, seen } = await commandsOf(sessions);
  await commands.openTerminal(argument);
  return seen;
}

describe('a role that a command is told', () => {
  beforeEach(() => {
    notifications.length = 0;
  });

  it('is taken with the session of its connection', async () => {
    const sessions = [session('1', { connection: 'beta' }), session('2')];
    assert.deepEqual(await opened(sessions, { ...ROLE, connection: 'acme' }), ['2']);
  });

  it('is never taken with a session whose scopes do not reach AWS accounts', async () => {
    const sessions = [session('1', { scopes: ['codewhisperer:completions'] }), session('2')];
    assert.deepEqual(await opened(sessions.slice(0, 1), ROLE), ['sign in']);
    assert.deepEqual(notifications, []);
    assert.deepEqual(await opened(sessions, ROLE), ['2']);
  });

  for (const [what, other] of [
    ['two connections, and none is named', { connection: 'beta' }],
    ['two users of one connection', { user: 'jane-admin' }],
  ] as const) {
    it(`is for the user to choose with ${what}: never the first one that comes`, async () => {
      const found = await opened([session('1'), session('2', other)], ROLE);
      assert.deepEqual(found, ['choose: 111122223333 Developer']);
    });
  }
});

describe('the console of a role', () => {
  it('is not opened, with words, through a connection that exchanges a token and has no start URL', async () => {
    const connection = {
      name: 'exchanged',
      region: 'eu-west-1',
      assertionFrom: { providerId: 'microsoft', scopes: ['openid'] },
      applicationArn: 'arn:aws:sso::111122223333:application/ssoins-1111111111111111/apl-2222222222222222',
    };
    const { commands } = await commandsOf([{ ...session('1'), connection } as never]);
    await commands.openConsole(ROLE);
    assert.match(notifications.at(-1) ?? '', /can't be opened through exchanged.*no start URL/);
  });
});
