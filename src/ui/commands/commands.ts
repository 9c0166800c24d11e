import * as vscode from 'vscode';

import type { Clock } from '../../common/clock.ts';
import type { Session } from '../../sessions/session.ts';
import type { SessionManager } from '../../sessions/sessionManager.ts';
import { showError } from '../errorMessage.ts';
import { showBriefly } from '../sessions/briefMessage.ts';
import { showSessionList } from '../sessions/sessionList.ts';
import type { SessionActions } from '../sessions/sessionList.ts';
import type { SetupLinks } from '../connections/setupLinks.ts';
import type { InteractiveSignIn } from '../signIn/signIn.ts';
import type { SignInRequest } from '../signIn/signInTarget.ts';
import { announceSignOut } from '../signOut/signOutNotice.ts';
import { chooseSignOut } from '../signOut/signOutPicker.ts';

/** The commands of the palette. They use the sessions directly, never VS Code's queue: nobody waits for them. */
export class Commands implements SessionActions {
  readonly #sessions: SessionManager;
  readonly #signIn: InteractiveSignIn;
  readonly #channel: vscode.LogOutputChannel;
  readonly #clock: Clock;
  readonly #diagnose: () => Promise<void>;
  readonly #setupLinks: () => Promise<SetupLinks>;

  constructor(
    sessions: SessionManager,
    signIn: InteractiveSignIn,
    channel: vscode.LogOutputChannel,
    clock: Clock,
    diagnose: () => Promise<void>,
    setupLinks: () => Promise<SetupLinks>,
  ) {
    this.#sessions = sessions;
    this.#signIn = signIn;
    this.#channel = channel;
    this.#clock = clock;
    this.#diagnose = diagnose;
    this.#setupLinks = setupLinks;
  }

  async signIn(request: SignInRequest = {}): Promise<void> {
    try {
      const { session } = await this.#signIn.signIn(request);
      const text = vscode.l10n.t('Signed in to AWS as {0}', session.account.label);
      this.confirm(session, text);
    } catch {
      // A user who cancelled knows, and every failure is explained by Notifications, whoever asked for the sign-in.
    }
  }

  /** Says for a moment that something was done. */
  confirm(session: Session, text: string): void {
    showBriefly(this.#sessions, session, text, this.#clock);
  }

  /** Signs in again, in place: the session keeps its id and its account, and takes what the user has corrected. */
  async signInAgain(session: Session): Promise<void> {
    await this.signIn({ renews: session });
  }

  /** Signs out of one session, or ends a sign-in that is in progress; the user chooses where there are several. */
  async signOut(): Promise<void> {
    const { sessions } = this.#sessions;
    const choice = await chooseSignOut(this.#signIn.pending, sessions, this.#clock.now());
    if (choice?.kind === 'signIn') {
      choice.signIn.cancel();
    } else if (choice !== undefined) {
      await this.signOutOf([choice.session]);
    }
  }

  async signOutAll(): Promise<void> {
    this.#signIn.abort();
    await this.signOutOf(this.#sessions.sessions);
  }

  async signOutOf(sessions: readonly Session[]): Promise<void> {
    const removed = await Promise.all(sessions.map(({ id }) => this.#sessions.signOut(id)));
    const labels = removed.flatMap((session) => (session === undefined ? [] : [session.account.label]));
    if (labels.length > 0) {
      // Nobody waits until it is read.
      void announceSignOut([...new Set(labels)]);
    }
  }

  /** Shows the sessions and what can be done with them; without any, signs in. */
  async showSessions(): Promise<void> {
    if (this.#sessions.sessions.length === 0) {
      await this.signIn();
      return;
    }
    await showSessionList(this.#sessions, this.#clock.now(), this);
  }

  showLog(): void {
    this.#channel.show();
  }

  /** Puts the link that sets up a connection for somebody else on the clipboard. */
  async copySetupLink(): Promise<void> {
    await this.#explained(async () => (await this.#setupLinks()).copy());
  }

  /** Offers to add the connection that such a link names. */
  async openSetupLink(uri: vscode.Uri): Promise<void> {
    await this.#explained(async () => (await this.#setupLinks()).open(uri));
  }

  /** Runs the diagnostics, and opens a report. */
  async runDiagnostics(): Promise<void> {
    await this.#explained(() => this.#diagnose());
  }

  async #explained(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof vscode.CancellationError)) {
        await showError(error, { label: vscode.l10n.t('Show Log'), run: () => this.showLog() });
      }
    }
  }
}
