import type { LogOutputChannel } from 'vscode';

import type { Clock } from '../common/clock.ts';
import { DisposableStore } from '../common/disposable.ts';
import type { Disposable } from '../common/disposable.ts';
import { lazily } from '../common/lazily.ts';
import type { Connection } from '../connections/connection.ts';
import type { ConnectionList } from '../connections/connectionList.ts';
import type { SessionManager } from '../sessions/sessionManager.ts';
import type { Commands } from '../ui/commands/commands.ts';
import type { Notifications } from '../ui/notifications/sessionNotifications.ts';
import type { SetupLinks } from '../ui/connections/setupLinks.ts';
import type { InteractiveSignIn } from '../ui/signIn/signIn.ts';
import type { GetGrants } from './lazyGrants.ts';

interface CommandParts {
  readonly sessions: SessionManager;
  readonly signIn: InteractiveSignIn;
  readonly channel: LogOutputChannel;
  readonly clock: Clock;
  readonly diagnose: () => Promise<void>;
  /** Ours, the authority of our links. */
  readonly extensionId: string;
  readonly connections: ConnectionList;
  readonly grants: GetGrants;
}

/** The palette's commands and the notifications: loaded with the first of them, as most windows show none. */
export function lazyCommands({ sessions, signIn, channel, clock, diagnose, ...linkParts }: CommandParts): {
  readonly commands: () => Promise<Commands>;
  readonly announcements: Disposable;
} {
  const load = lazily(async () => {
    const { Commands, Notifications } = await import('./grants.ts');
    const setupLinks = lazily(async () => {
      const links = await createSetupLinks(linkParts, (connection) => commands.signIn({ connection }));
      return announcements.add(links);
    });
    const commands = new Commands(sessions, signIn, channel, clock, diagnose, setupLinks);
    return { commands, notifications: new Notifications(commands, clock) };
  });
  const tell = (say: (notifications: Notifications) => Promise<void>): void => {
    void load().then(({ notifications }) => say(notifications));
  };
  const announcements = new DisposableStore();
  announcements.add(sessions.onDidEnd((session) => tell((by) => by.announceEnd(session))));
  announcements.add(sessions.onWillEnd((session) => tell((by) => by.announceComingEnd(session))));
  announcements.add(sessions.onDidMissTokens((session) => tell((by) => by.announceMissingTokens(session))));
  announcements.add(signIn.onDidFail((failed) => tell((by) => by.explainFailure(failed))));
  return { commands: async () => (await load()).commands, announcements };
}

async function createSetupLinks(
  { extensionId, connections, grants }: Pick<CommandParts, 'extensionId' | 'connections' | 'grants'>,
  signIn: (connection: Connection) => Promise<void>,
): Promise<SetupLinks> {
  const { SetupLinks } = await import('./grants.ts');
  const { newConnections } = await grants();
  return new SetupLinks({ extensionId, connections, newConnections, signIn });
}
