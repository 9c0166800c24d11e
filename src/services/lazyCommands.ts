import type { LogOutputChannel } from 'vscode';

import type { Clock } from '../common/clock.ts';
import { DisposableStore } from '../common/disposable.ts';
import type { Disposable } from '../common/disposable.ts';
import { lazily } from '../common/lazily.ts';
import type { SessionManager } from '../sessions/sessionManager.ts';
import type { Commands } from '../ui/commands/commands.ts';
import type { Notifications } from '../ui/commands/notifications.ts';
import type { InteractiveSignIn } from '../ui/signIn/signIn.ts';

interface CommandParts {
  readonly sessions: SessionManager;
  readonly signIn: InteractiveSignIn;
  readonly channel: LogOutputChannel;
  readonly clock: Clock;
  readonly diagnose: () => Promise<void>;
}

/** The palette's commands and what the user is told unasked: loaded with the first of them, as most windows show none. */
export function lazyCommands({ sessions, signIn, channel, clock, diagnose }: CommandParts): {
  readonly commands: () => Promise<Commands>;
  readonly announcements: Disposable;
} {
  const load = lazily(async () => {
    const { Commands, Notifications } = await import('./grants.ts');
    const commands = new Commands(sessions, signIn, channel, clock, diagnose);
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
