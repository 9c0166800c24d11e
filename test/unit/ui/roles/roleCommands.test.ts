import assert from 'node:assert/strict';

import type { Session } from '../../../../src/sessions/session.ts';
import type { ShownRole } from '../../../../src/ui/roles/chosenRole.ts';
import type * as ChoiceModule from '../../../../src/ui/roles/roleChoice.ts';
import type * as CommandsModule from '../../../../src/ui/roles/roleCommands.ts';
import type * as OfferModule from '../../../../src/ui/roles/scopeOffer.ts';
import { clicks, executed, loadWithVscode, notifications } from '../../support/vscode.ts';
import { janesSession } from '../../support/session.ts';

const ROLE = { accountId: '111122223333', roleName: 'Developer', region: 'eu-west-1' };

interface Differs {
  readonly connection?: string;
  readonly user?: string;
  readonly scopes?: readonly string[];
}

function session(id: string, { connection = 'acme', user = 'jane', scopes = [] }: Differs = {}): Session {
  const startUrl = `https://${connection}.awsapps.com/start`;
  return janesSession({
    id,
    account: { id: user, label: user },
    connection: { name: connection, startUrl, region: 'eu-west-1' },
    scopes,
  });
}

/** What a sign-in with that scope adds. */
const WITH_SCOPE = { scopes: ['sso:account:access'] };

function load<T>(name: string): Promise<T> {
  return loadWithVscode<T>(new URL(`../../../../src/ui/roles/${name}.ts`, import.meta.url));
}

/** The commands, and what they come to: the id of the session that a role is taken with, or what is asked. */
async function commandsOf(before: readonly Session[], signedIn?: Session) {
  const { RoleCommands } = await load<typeof CommandsModule>('roleCommands');
  const { RoleChoice } = await load<typeof ChoiceModule>('roleChoice');
  const { offerScope } = await load<typeof OfferModule>('scopeOffer');
  const seen: unknown[] = [];
  const sessions = [...before];
  const commands = new RoleCommands({
    choice: new RoleChoice({
      sessions: { sessions },
      signIn: async (request) => {
        seen.push({ signIn: request });
        sessions.push(...(signedIn === undefined ? [] : [signedIn]));
      },
      offerScope,
      choose: async (_title, query) => void seen.push(`choose: ${query}`),
      region: async () => assert.fail('the argument has it'),
    }),
    knownRegion: async () => 'eu-central-1',
    used: async () => undefined,
    refresh: () => undefined,
    source: {
      use: () => ({ dispose: () => undefined }),
      read: async () => ({ kind: 'available', credentials: {} }),
    } as never,
    terminals: {
      prepare: async ({ role }: ShownRole) => {
        seen.push(role.sessionId);
        throw new Error('not opened in this test');
      },
    } as never,
    clipboard: {
      copy: async (format: string, _credentials: unknown, region: string | undefined) =>
        void seen.push({ format, region }),
    } as never,
    isTerminalHere: true,
    showLog: () => undefined,
  });
  return { commands, seen };
}

async function opened(
  sessions: readonly Session[],
  argument: unknown,
  signedIn?: Session,
): Promise<readonly unknown[]> {
  const { commands, seen } = await commandsOf(sessions, signedIn);
  await commands.openTerminal(argument);
  return seen;
}

describe('a role that a command is told', () => {
  beforeEach(() => {
    notifications.length = 0;
    clicks.clear();
  });

  it('is taken with the session of its connection', async () => {
    const sessions = [session('1', { connection: 'beta' }), session('2')];
    assert.deepEqual(await opened(sessions, { ...ROLE, connection: 'acme' }), ['2']);
  });

  it('is named by an extension that leaves the rest undefined', async () => {
    const { region, ...role } = ROLE;
    assert.deepEqual(await opened([session('1')], { ...role, region, connection: undefined }), ['1']);
    const { commands, seen } = await commandsOf([session('1')]);
    await commands.copyCredentials({ ...role, region: undefined });
    assert.equal(seen.length, 1);
  });

  it('is told to be none, and nothing is opened, where it is none', async () => {
    for (const wrong of [
      { accountId: '1' },
      { roleName: 'a b' },
      { region: '../x' },
      { accountId: 111122223333 },
    ]) {
      assert.deepEqual(await opened([session('1')], { ...ROLE, ...wrong }), []);
    }
    assert.deepEqual(
      notifications.map((text) => /can't be used: its (\w+) isn't valid/.exec(text)?.[1]),
      ['accountId', 'roleName', 'region', 'accountId'],
    );
  });

  it('leads to the sign-in where nobody is signed in with the connection that is named', async () => {
    clicks.add('Sign In');
    executed.length = 0;
    assert.deepEqual(await opened([session('1')], { ...ROLE, connection: 'other' }), []);
    assert.match(notifications.at(-1) ?? '', /You aren't signed in with other/);
    assert.deepEqual(executed, [['awsSso.signIn']]);
  });

  it('is copied with the region of its terminals, unless another one is named', async () => {
    const { region, ...role } = ROLE;
    const { commands, seen } = await commandsOf([session('1')]);
    await commands.copyCredentials(role);
    await commands.copyCredentials({ ...role, region });
    assert.deepEqual(seen, [
      { format: 'bash', region: 'eu-central-1' },
      { format: 'bash', region: 'eu-west-1' },
    ]);
  });

  it('is never taken with a session whose scopes do not reach AWS accounts', async () => {
    const sessions = [session('1', { scopes: ['codewhisperer:completions'] }), session('2')];
    assert.deepEqual(await opened(sessions.slice(0, 1), ROLE), []);
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

describe('a user without the scope that lists accounts and roles', () => {
  const completions = { scopes: ['codewhisperer:completions'] };
  const MISSING = /signed in as jane without the scope sso:account:access/;

  beforeEach(() => {
    notifications.length = 0;
    clicks.clear();
  });

  it('is told so, and nothing is opened where they do not sign in with it', async () => {
    assert.deepEqual(await opened([session('1', completions)], ROLE), []);
    assert.match(notifications.join(), MISSING);
  });

  it('signs in with it as the same account from there, and the command goes on', async () => {
    clicks.add('Sign In');
    const seen = await opened([session('1', completions)], ROLE, session('2', WITH_SCOPE));
    assert.deepEqual(seen, [{ signIn: { ...WITH_SCOPE, account: { id: 'jane', label: 'jane' } } }, '2']);
    assert.match(notifications.join(), MISSING);
  });

  for (const [what, run] of [
    ['console', 'openConsole'],
    ['credentials to copy', 'copyCredentials'],
  ] as const) {
    it(`is told so where they want the ${what} of a role`, async () => {
      const { commands, seen } = await commandsOf([session('1', completions)]);
      await commands[run](undefined);
      assert.deepEqual(seen, []);
      assert.match(notifications.join(), MISSING);
    });
  }

  it('is told so of the connection that they name, though another one has roles', async () => {
    clicks.add('Sign In');
    const sessions = [session('1', { connection: 'beta' }), session('2', completions)];
    assert.deepEqual(await opened(sessions, { ...ROLE, connection: 'acme' }, session('3')), [
      { signIn: { ...WITH_SCOPE, account: { id: 'jane', label: 'jane' } } },
      '3',
    ]);
  });

  it('is told so after a first sign-in with a connection that has other scopes', async () => {
    assert.deepEqual(await opened([], ROLE, session('1', completions)), [{ signIn: {} }]);
    assert.match(notifications.join(), MISSING);
  });

  it('chooses the connection where several accounts are without it', async () => {
    clicks.add('Sign In');
    const sessions = [session('1', completions), session('2', { ...completions, user: 'john' })];
    const seen = await opened(sessions, ROLE, session('3'));
    assert.deepEqual(seen, [{ signIn: WITH_SCOPE }, '3']);
    assert.match(notifications.join(), /as jane, john without/);
  });

  it('is not sent to get it for an AWS Builder ID, which has no AWS accounts', async () => {
    const own = session('1', completions);
    const startUrl = 'https://view.awsapps.com/start';
    const builderId = { ...own, connection: { name: 'AWS Builder ID', startUrl, region: 'us-east-1' } };
    assert.deepEqual(await opened([builderId], ROLE), [{ signIn: {} }]);
    assert.deepEqual(notifications, []);
  });
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
