import assert from 'node:assert/strict';
import * as fc from 'fast-check';

import { Emitter } from '../../../src/common/event.ts';
import { l10n, WordedError } from '../../../src/common/words.ts';
import type { RoleEnded } from '../../../src/roles/credentials/unavailable.ts';
import { unavailable } from '../../../src/roles/credentials/unavailable.ts';
import type { NeedsSignInReason, Session, SessionState } from '../../../src/sessions/session.ts';
import type * as CommandsModule from '../../../src/ui/commands/commands.ts';
import type * as NotificationsModule from '../../../src/ui/notifications/sessionNotifications.ts';
import type * as PickerModule from '../../../src/ui/connections/connectionPicker.ts';
import type * as ErrorModule from '../../../src/ui/errorMessage.ts';
import { plain } from '../../../src/ui/plainText.ts';
import type * as ProgressModule from '../../../src/ui/progress.ts';
import type * as TerminalsModule from '../../../src/ui/roles/terminal/roleTerminals.ts';
import type * as SignInModule from '../../../src/ui/signIn/signInNotification.ts';
import type * as SignOutModule from '../../../src/ui/signOut/signOutNotice.ts';
import { VirtualClock } from '../../support/virtualClock.ts';
import { ACME, SeededRandom } from '../support/sessions.ts';
import { loadWithVscode, notifications, picks } from '../support/vscode.ts';

/** VS Code would make a link of it, and a click would run the command. */
const LINK = 'acme [here](command:example.command)';
const COMMAND = /\]\(command:example/;

const { signal } = new AbortController();

function ui<T>(file: string): Promise<T> {
  return loadWithVscode<T>(new URL(`../../../src/ui/${file}.ts`, import.meta.url));
}

function withoutSpaces(text: string): string {
  return text.replaceAll(' ', '');
}

function sessionOf(state: SessionState): Session {
  const account = { id: 'account', label: LINK };
  return { id: '1', account, connection: ACME, scopes: [], signedInAt: 0, generation: 1, state };
}

/** What was shown: the name, and no link in it. */
function assertHarmless(): void {
  assert.ok(notifications.length > 0, 'nothing was shown');
  assert.match(notifications.join('\n'), /acme \[here\]/);
  assert.doesNotMatch(notifications.join('\n'), COMMAND);
}

const unused = async (): Promise<never> => assert.fail('nobody asked for it');

describe('a text in a notification', () => {
  it('has no link after its brackets are apart, and is else as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('[', ']', '(', ')', ' ', 'a', ':') }), (text) => {
        assert.ok(!plain(text).includes(']('));
        assert.equal(withoutSpaces(plain(text)), withoutSpaces(text));
      }),
    );
  });
});

describe('a name with a link in it runs no command from a notification', () => {
  const clock = new VirtualClock();
  let commands: CommandsModule.Commands;
  let messages: NotificationsModule.Notifications;

  before(async () => {
    const { Commands } = await ui<typeof CommandsModule>('commands/commands');
    const { Notifications } = await ui<typeof NotificationsModule>('notifications/sessionNotifications');
    const expiresAt = clock.now() + 60_000;
    const live = sessionOf({ kind: 'signedIn', issuedAt: 0, expiresAt, refreshable: true });
    const sessions = {
      sessions: [live],
      refreshNow: async () => ({ kind: 'failed', code: 'Timeout' }),
      signOut: async () => live,
    };
    const signIn = { abort: () => undefined, pending: [] };
    commands = new Commands(sessions as never, signIn as never, {} as never, clock, unused, unused);
    messages = new Notifications(commands, clock);
  });

  beforeEach(() => {
    notifications.length = 0;
    picks.length = 0;
  });

  for (const reason of ['rejected', 'rejectedAtOnce'] satisfies NeedsSignInReason[]) {
    it(`that says that a session has ended: ${reason}`, async () => {
      await messages.announceEnd(sessionOf({ kind: 'needsSignIn', reason, since: 0 }));
      assertHarmless();
    });
  }

  it('that says that a session is about to end', async () => {
    const expiresAt = clock.now() + 60_000;
    await messages.announceComingEnd(
      sessionOf({ kind: 'signedIn', issuedAt: 0, expiresAt, refreshable: false }),
    );
    assertHarmless();
  });

  it('that says why a session could not be refreshed', async () => {
    picks.push('acme', 'Refresh Now');
    await commands.showSessions();
    // The title of what goes on in the status bar is no notification.
    notifications.shift();
    assertHarmless();
  });

  it('that says that a session is signed out', async () => {
    await commands.signOut();
    assertHarmless();
  });

  it('that says that several are', async () => {
    const { announceSignOut } = await ui<typeof SignOutModule>('signOut/signOutNotice');
    await announceSignOut([LINK, 'beta']);
    assertHarmless();
  });

  for (const error of [new WordedError(l10n.t('{0} is wrong', LINK)), new Error(LINK)]) {
    it(`that shows an error: ${error.constructor.name}`, async () => {
      const { showError } = await ui<typeof ErrorModule>('errorMessage');
      await showError(error, { label: 'Show Log', run: () => undefined });
      assertHarmless();
    });
  }

  it('that says that a role can’t be used any more', async () => {
    const { RoleTerminals } = await ui<typeof TerminalsModule>('roles/terminal/roleTerminals');
    const grant = { url: 'http://127.0.0.1:1/credentials/a', token: 'token', dispose: () => undefined };
    const ended = new Emitter<RoleEnded>();
    const never = new Emitter<never>();
    const terminals = new RoleTerminals({
      access: { open: async () => grant } as never,
      source: { endOf: () => undefined, onDidEnd: ended.event, onDidReturn: never.event },
      files: { write: async () => ({ configFile: '/config', credentialsFile: '/credentials' }) } as never,
      inherited: () => ({}),
      shellCheck: { overridden: async () => undefined },
      log: { info: () => undefined, warn: () => undefined },
      clock,
    });
    const role = { sessionId: '1', accountId: '111122223333', roleName: 'Developer' };
    await terminals.prepare({ role, accountName: LINK, connectionName: LINK, region: 'eu-west-1' }, signal);
    ended.fire({ role, why: unavailable('forbidden') });
    terminals.dispose();
    assertHarmless();
  });

  it('that shows a progress', async () => {
    const { withCancellableProgress } = await ui<typeof ProgressModule>('progress');
    await withCancellableProgress(LINK, signal, async () => undefined);
    assertHarmless();
  });

  it('that reports a problem in the settings', async () => {
    const { ConnectionPicker } = await ui<typeof PickerModule>('connections/connectionPicker');
    const list = {
      read: async () => ({
        connections: [{ connection: ACME, origin: 'settings' }],
        problems: [{ message: l10n.t('{0} is wrong', LINK) }],
      }),
    };
    const picker = new ConnectionPicker(list as never, undefined as never);
    await picker.choose({ wire: [] }, signal);
    assertHarmless();
  });

  it('that shows a sign-in: its only links are its own', async () => {
    const { SignInNotifications } = await ui<typeof SignInModule>('signIn/signInNotification');
    const shown = new SignInNotifications(clock, new SeededRandom(1));
    await shown.show(LINK, signal, async (interaction) => {
      interaction.showUserCode({
        userCode: 'BCDF-GHJK',
        verificationUri: 'https://acme.awsapps.com/start',
        expiresAt: clock.now() + 600_000,
      });
      interaction.showBrowserSignIn({ url: 'https://acme.awsapps.com/start', region: LINK });
    });
    shown.dispose();
    assertHarmless();
    const links = notifications.join('\n').matchAll(/\]\(command:([\w.]+)/g);
    assert.deepEqual(
      new Set([...links].map(([, command]) => command)),
      new Set(['awsSso.copyCodeAndOpenBrowser', 'awsSso.copyCode', 'awsSso.copyLink', 'awsSso.openBrowser']),
    );
  });
});
