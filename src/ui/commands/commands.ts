import * as vscode from 'vscode';

import type { Clock } from '../../common/clock.ts';
import type { Session } from '../../sessions/session.ts';
import type { SessionManager } from '../../sessions/sessionManager.ts';
import { isExchangeConnection } from '../../connections/connection.ts';
import { showError } from '../errorMessage.ts';
import type { NextStep } from '../errorMessage.ts';
import { nextStepAfter } from './nextStep.ts';
import type { NextStepKind } from './nextStep.ts';
import { localized } from '../localized.ts';
import { sessionItem } from '../sessions/sessionItems.ts';
import { reasonWords, refreshFailure } from '../../sessions/sessionState.ts';
import type { FailedSignIn, InteractiveSignIn } from '../signIn/signIn.ts';
import { chooseSignOut } from './signOutPicker.ts';
import type { SignInRequest } from '../signIn/signInTarget.ts';
import { plain } from '../plainText.ts';
import { announceSignOut } from './signOutNotice.ts';
import { reloadWindow } from './storageNotices.ts';

/** The commands of the palette. They use the sessions directly, never VS Code's queue: nobody waits for them. */
export class Commands {
  readonly #sessions: SessionManager;
  readonly #signIn: InteractiveSignIn;
  readonly #channel: vscode.LogOutputChannel;
  readonly #clock: Clock;
  readonly #diagnose: () => Promise<void>;

  constructor(
    sessions: SessionManager,
    signIn: InteractiveSignIn,
    channel: vscode.LogOutputChannel,
    clock: Clock,
    diagnose: () => Promise<void>,
  ) {
    this.#sessions = sessions;
    this.#signIn = signIn;
    this.#channel = channel;
    this.#clock = clock;
    this.#diagnose = diagnose;
  }

  async signIn(): Promise<void> {
    await this.#signInWith({});
  }

  /** Signs in again, in place: the session keeps its id and its account, and takes what the user has corrected. */
  async signInAgain(session: Session): Promise<void> {
    await this.#signInWith({ renews: session });
  }

  async #signInWith(request: SignInRequest): Promise<void> {
    try {
      const { session } = await this.#signIn.signIn(request);
      const text = vscode.l10n.t('Signed in to AWS: {0}', session.account.label);
      vscode.window.setStatusBarMessage(`$(check) ${text}`, 5000);
    } catch {
      // Whoever cancelled knows, and a failure is explained by explainFailure, through whichever door it came.
    }
  }

  /** Says why a sign-in failed, and offers what helps most. */
  async explainFailure({ error, request }: FailedSignIn): Promise<void> {
    const { signal: _over, ...again } = request;
    await showError(error, this.#stepAfter(error, again));
  }

  #stepAfter(error: unknown, again: SignInRequest): NextStep {
    const { l10n } = vscode;
    const steps: Readonly<Record<NextStepKind, NextStep>> = {
      tryAgain: { label: l10n.t('Try Again'), run: () => this.#signInWith(again) },
      openSettings: { label: l10n.t('Open Settings'), run: openConnectionSettings },
      runDiagnostics: { label: l10n.t('Run Diagnostics'), run: () => this.runDiagnostics() },
      reloadWindow: { label: l10n.t('Reload Window'), run: reloadWindow },
      showLog: { label: l10n.t('Show Log'), run: () => this.showLog() },
    };
    return steps[nextStepAfter(error)];
  }

  /** Signs out of one session, or ends a sign-in that is under way; the user chooses where there are several. */
  async signOut(): Promise<void> {
    const { sessions } = this.#sessions;
    const choice = await chooseSignOut(this.#signIn.pending, sessions, this.#clock.now());
    if (choice?.kind === 'signIn') {
      choice.signIn.cancel();
    } else if (choice !== undefined) {
      await this.#signOutOf([choice.session]);
    }
  }

  async signOutAll(): Promise<void> {
    this.#signIn.abort();
    await this.#signOutOf(this.#sessions.sessions);
  }

  async #signOutOf(sessions: readonly Session[]): Promise<void> {
    const removed = await Promise.all(sessions.map(({ id }) => this.#sessions.signOut(id)));
    const labels = removed.flatMap((session) => (session === undefined ? [] : [session.account.label]));
    if (labels.length > 0) {
      // Nobody waits until it is read.
      void announceSignOut([...new Set(labels)]);
    }
  }

  async showSessions(): Promise<void> {
    const { l10n } = vscode;
    if (this.#sessions.sessions.length === 0) {
      await this.signIn();
      return;
    }
    const session = await this.#pick(l10n.t('AWS SSO sessions'));
    if (session !== undefined) {
      await this.#act(session);
    }
  }

  showLog(): void {
    this.#channel.show();
  }

  /** Looks for what is wrong, and opens a report. */
  async runDiagnostics(): Promise<void> {
    try {
      await this.#diagnose();
    } catch (error) {
      if (!(error instanceof vscode.CancellationError)) {
        await showError(error, { label: vscode.l10n.t('Show Log'), run: () => this.showLog() });
      }
    }
  }

  /** Tells once, with the reason, that a session came to its end, and offers the way back. */
  async announceEnd(session: Session): Promise<void> {
    const { l10n } = vscode;
    if (session.state.kind !== 'needsSignIn') {
      return;
    }
    const { reason, requestId } = session.state;
    const request = requestId === undefined ? '' : ` (${l10n.t('request id {0}', requestId)})`;
    const text = `${session.account.label}: ${localized(reasonWords(reason))}${request}`;
    if (reason === 'rejectedAtOnce') {
      // Another sign-in would end here again: no button for that.
      const show = l10n.t('Show Log');
      if ((await vscode.window.showWarningMessage(plain(text), show)) === show) {
        this.showLog();
      }
      return;
    }
    await this.#offerSignInAgain(session, text);
  }

  /** Warns once that a session which cannot be refreshed is about to end. */
  async announceComingEnd(session: Session): Promise<void> {
    const { l10n } = vscode;
    if (session.state.kind !== 'signedIn') {
      return;
    }
    const minutes = Math.max(1, Math.round((session.state.expiresAt - this.#clock.now()) / 60_000));
    const { label } = session.account;
    await this.#offerSignInAgain(
      session,
      l10n.t('{0}: the session ends in {1} minutes, and this kind cannot be renewed.', label, minutes),
    );
  }

  /** Tells once that the secret storage has lost a session's tokens: a sign-in brings the same session back. */
  async announceMissingTokens(session: Session): Promise<void> {
    const text = `${session.account.label}: ${localized(reasonWords('tokenMissing'))}`;
    await this.#offerSignInAgain(session, text);
  }

  async #offerSignInAgain(session: Session, text: string): Promise<void> {
    const again = vscode.l10n.t('Sign In Again');
    if ((await vscode.window.showWarningMessage(plain(text), again)) === again) {
      await this.signInAgain(session);
    }
  }

  async #pick(title: string): Promise<Session | undefined> {
    const now = this.#clock.now();
    const items = this.#sessions.sessions.map((session) => sessionItem(session, now));
    const placeHolder = vscode.l10n.t('Choose a session');
    const picked = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true });
    return picked?.session;
  }

  async #act(session: Session): Promise<void> {
    const { l10n } = vscode;
    const { connection, state } = session;
    const steps: NextStep[] = [
      ...(state.kind === 'signedIn' && state.refreshable
        ? [{ label: `$(refresh) ${l10n.t('Refresh Now')}`, run: () => this.#refresh(session) }]
        : []),
      { label: `$(sign-in) ${l10n.t('Sign In Again')}`, run: () => this.signInAgain(session) },
      { label: `$(sign-out) ${l10n.t('Sign Out')}`, run: () => this.#signOutOf([session]) },
      ...(isExchangeConnection(connection)
        ? []
        : [
            {
              label: `$(copy) ${l10n.t('Copy Start URL')}`,
              run: () => vscode.env.clipboard.writeText(connection.startUrl),
            },
          ]),
    ];
    const picked = await vscode.window.showQuickPick(steps, { title: session.account.label });
    await picked?.run();
  }

  async #refresh({ id, account }: Session): Promise<void> {
    const { l10n } = vscode;
    const { label } = account;
    const title = l10n.t('Refreshing {0}…', label);
    const location = vscode.ProgressLocation.Window;
    const outcome = await vscode.window.withProgress({ location, title }, () =>
      this.#sessions.refreshNow(id),
    );
    switch (outcome.kind) {
      case 'fresh':
        vscode.window.setStatusBarMessage(`$(check) ${l10n.t('Refreshed: {0}', label)}`, 5000);
        return;
      case 'failed':
        await this.#explainRefresh(label, localized(refreshFailure(outcome.code)));
        return;
      case 'noToken':
      case 'postponed':
        await this.#explainRefresh(label, l10n.t('the disk or the secret storage fails'));
        return;
      case 'busy':
      case 'notDue':
      case 'over':
      // Another window is at it, or the end of the session is announced by itself.
    }
  }

  async #explainRefresh(label: string, why: string): Promise<void> {
    const { l10n } = vscode;
    const text = l10n.t(
      '{0} could not be refreshed just now ({1}). The session stays, and the refresh is tried again.',
      label,
      why,
    );
    const diagnostics = l10n.t('Run Diagnostics');
    if ((await vscode.window.showWarningMessage(plain(text), diagnostics)) === diagnostics) {
      await this.runDiagnostics();
    }
  }
}

async function openConnectionSettings(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', 'awsSso.connections');
}
