import * as vscode from 'vscode';

import type { Clock } from '../../common/clock.ts';
import { joined } from '../../common/words.ts';
import type { Session } from '../../sessions/session.ts';
import { reasonWords } from '../../sessions/sessionState.ts';
import { showError } from '../errorMessage.ts';
import type { NextStep } from '../errorMessage.ts';
import { localized } from '../localized.ts';
import { plain } from '../plainText.ts';
import type { FailedSignIn } from '../signIn/signIn.ts';
import type { SignInRequest } from '../signIn/signInTarget.ts';
import { requestIdWords } from '../../wire/quotedWords.ts';
import { nextStepAfter } from './nextStep.ts';
import type { NextStepKind } from './nextStep.ts';
import { reloadWindow } from './storageNotices.ts';

/** What the buttons of a notification do. */
interface NotificationActions {
  signIn(request: SignInRequest): Promise<void>;
  runDiagnostics(): Promise<void>;
  showLog(): void;
}

/** Notifications: a sign-in failed, or a session needs a new one. */
export class Notifications {
  readonly #actions: NotificationActions;
  readonly #clock: Clock;

  constructor(actions: NotificationActions, clock: Clock) {
    this.#actions = actions;
    this.#clock = clock;
  }

  /** Says why a sign-in failed, and offers what helps most. */
  async explainFailure({ error, request }: FailedSignIn): Promise<void> {
    const { signal: _over, ...again } = request;
    await showError(error, this.#stepAfter(error, again));
  }

  #stepAfter(error: unknown, again: SignInRequest): NextStep {
    const { l10n } = vscode;
    const actions = this.#actions;
    const steps: Readonly<Record<NextStepKind, NextStep>> = {
      tryAgain: { label: l10n.t('Try Again'), run: () => actions.signIn(again) },
      openSettings: { label: l10n.t('Open Settings'), run: openConnectionSettings },
      runDiagnostics: { label: l10n.t('Run Diagnostics'), run: () => actions.runDiagnostics() },
      reloadWindow: { label: l10n.t('Reload Window'), run: reloadWindow },
      showLog: { label: l10n.t('Show Log'), run: () => actions.showLog() },
    };
    return steps[nextStepAfter(error)];
  }

  /** Says once, with the reason, that a session has ended, and offers to sign in again. */
  async announceEnd(session: Session): Promise<void> {
    const { l10n } = vscode;
    if (session.state.kind !== 'needsSignIn') {
      return;
    }
    const { reason, requestId } = session.state;
    const request = requestId === undefined ? [] : [requestIdWords(requestId)];
    const text = localized([`${session.account.label}: `, joined(' ', [reasonWords(reason), ...request])]);
    if (reason === 'rejectedAtOnce') {
      // Another sign-in would end here again: no button for that.
      const show = l10n.t('Show Log');
      if ((await vscode.window.showWarningMessage(plain(text), show)) === show) {
        this.#actions.showLog();
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
    const text =
      minutes === 1
        ? l10n.t("{0}: The session ends in 1 minute and can't be renewed.", label)
        : l10n.t("{0}: The session ends in {1} minutes and can't be renewed.", label, minutes);
    await this.#offerSignInAgain(session, text);
  }

  /** Says once that the secret storage has lost a session's tokens: a sign-in brings the same session back. */
  async announceMissingTokens(session: Session): Promise<void> {
    const text = `${session.account.label}: ${localized(reasonWords('tokenMissing'))}`;
    await this.#offerSignInAgain(session, text);
  }

  async #offerSignInAgain(session: Session, text: string): Promise<void> {
    const again = vscode.l10n.t('Sign In Again');
    if ((await vscode.window.showWarningMessage(plain(text), again)) === again) {
      await this.#actions.signIn({ renews: session });
    }
  }
}

async function openConnectionSettings(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', 'awsSso.connections');
}
