import * as vscode from 'vscode';

import type { Clock } from '../common/clock.ts';
import type { Session } from '../sessions/session.ts';
import type { SessionManager } from '../sessions/sessionManager.ts';
import { showError } from './errorMessage.ts';
import type { NextStep } from './errorMessage.ts';
import { reasonText, sessionItem } from './sessionItems.ts';
import type { InteractiveSignIn } from './signIn.ts';
import { plain } from './plainText.ts';

/** The commands of the palette. They use the sessions directly, never VS Code's queue: nobody waits for them. */
export class Commands {
  readonly #sessions: SessionManager;
  readonly #signIn: InteractiveSignIn;
  readonly #channel: vscode.LogOutputChannel;
  readonly #clock: Clock;

  constructor(
    sessions: SessionManager,
    signIn: InteractiveSignIn,
    channel: vscode.LogOutputChannel,
    clock: Clock,
  ) {
    this.#sessions = sessions;
    this.#signIn = signIn;
    this.#channel = channel;
    this.#clock = clock;
  }

  async signIn(): Promise<void> {
    await this.#signInAs(undefined);
  }

  /** Signs in again, in place: the session keeps its id and its account. */
  async signInAgain(session: Session): Promise<void> {
    await this.#signInAs(session);
  }

  async #signInAs(session: Session | undefined): Promise<void> {
    const again = session === undefined ? {} : { account: session.account, scopes: session.scopes };
    try {
      const live = await this.#signIn.signIn(again);
      const text = vscode.l10n.t('Signed in to AWS: {0}', live.session.account.label);
      vscode.window.setStatusBarMessage(`$(check) ${text}`, 5000);
    } catch (error) {
      const retry = { label: vscode.l10n.t('Try Again'), run: () => this.#signInAs(session) };
      await showError(error, [retry, this.#showLogStep()]);
    }
  }

  /** Signs out of one session; a sign-in that is still under way is what the person wants to be rid of first. */
  async signOut(): Promise<void> {
    const { t } = vscode.l10n;
    this.#signIn.abort();
    const { sessions } = this.#sessions;
    const [only] = sessions;
    const session = sessions.length > 1 ? await this.#pick(t('Sign out of which session?')) : only;
    if (session !== undefined) {
      await this.#sessions.signOut(session.id);
    }
  }

  async signOutAll(): Promise<void> {
    this.#signIn.abort();
    await Promise.all(this.#sessions.sessions.map(({ id }) => this.#sessions.signOut(id)));
  }

  async showSessions(): Promise<void> {
    const { t } = vscode.l10n;
    if (this.#sessions.sessions.length === 0) {
      await this.signIn();
      return;
    }
    const session = await this.#pick(t('AWS SSO sessions'));
    if (session !== undefined) {
      await this.#act(session);
    }
  }

  showLog(): void {
    this.#channel.show();
  }

  /** Tells once, with the reason, that a session came to its end, and offers the way back. */
  async announceEnd(session: Session): Promise<void> {
    const { t } = vscode.l10n;
    if (session.state.kind !== 'needsSignIn') {
      return;
    }
    const { reason, requestId } = session.state;
    const request = requestId === undefined ? '' : ` (${t('request id {0}', requestId)})`;
    const text = `${session.account.label}: ${reasonText(reason)}${request}`;
    const again = t('Sign In Again');
    if ((await vscode.window.showWarningMessage(plain(text), again)) === again) {
      await this.signInAgain(session);
    }
  }

  async #pick(title: string): Promise<Session | undefined> {
    const now = this.#clock.now();
    const items = this.#sessions.sessions.map((session) => sessionItem(session, now));
    const picked = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
    return picked?.session;
  }

  async #act(session: Session): Promise<void> {
    const { t } = vscode.l10n;
    const steps: NextStep[] = [
      ...(session.state.kind === 'signedIn' && session.state.refreshable
        ? [{ label: t('Refresh Now'), run: () => this.#sessions.refreshNow(session.id) }]
        : []),
      { label: t('Sign In Again'), run: () => this.signInAgain(session) },
      { label: t('Sign Out'), run: () => this.#sessions.signOut(session.id) },
    ];
    const picked = await vscode.window.showQuickPick(steps, { title: session.account.label });
    await picked?.run();
  }

  #showLogStep(): NextStep {
    return { label: vscode.l10n.t('Show Log'), run: () => this.showLog() };
  }
}
