import * as vscode from 'vscode';

import type { RecentSignIn } from '../sessions/signIn/recentSignIn.ts';
import type { LiveSession } from '../sessions/session.ts';
import type { SessionManager } from '../sessions/sessionManager.ts';
import type { SessionsChange } from '../sessions/store/difference.ts';
import { toAuthenticationSession } from './authenticationSession.ts';
import type { Announcement, MenuRequests } from './menuRequests.ts';

export const PROVIDER_ID = 'aws-sso';
export const PROVIDER_LABEL = 'AWS SSO';

/** Asks the user to sign in. */
export interface SignIn {
  /**
   * @throws vscode.CancellationError when the user cancels; SignInError or SsoOidcError when it fails
   */
  signIn(request: {
    readonly scopes: readonly string[];
    readonly account?: vscode.AuthenticationSessionAccountInformation;
    readonly signal: AbortSignal;
  }): Promise<LiveSession>;
}

/** What the provider stands on; loaded when it is first needed. */
export interface ProviderServices {
  readonly sessions: SessionManager;
  readonly signIn: SignIn;
  readonly menuRequests: MenuRequests;
  readonly recentSignIn: RecentSignIn;
  /** Settles once the sessions have been read, or could not be within a few seconds. */
  readonly ready: Promise<void>;
  /**
   * Runs a sign-in, which holds VS Code's queue, for as long as it may.
   * @throws SignInError when it takes longer, also where some part of it does not heed the signal
   */
  limited<T>(signIn: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/**
 * VS Code's way to the sessions. Its calls come through one queue: whatever is pending here keeps every extension waiting,
 * so getSessions shows nothing and hardly waits, and a sign-in ends after a while.
 */
export class AwsSsoAuthenticationProvider implements vscode.AuthenticationProvider, vscode.Disposable {
  readonly #services: () => Promise<ProviderServices>;
  readonly #changed =
    new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  readonly onDidChangeSessions = this.#changed.event;

  constructor(services: () => Promise<ProviderServices>) {
    this.#services = services;
  }

  async getSessions(
    scopes: readonly string[] | undefined,
    { account }: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession[]> {
    const { sessions, menuRequests } = await this.#services();
    const found = await sessions.getSessions({
      ...(scopes !== undefined && { scopes }),
      ...(account !== undefined && { account }),
    });
    if (scopes !== undefined && found.length === 0) {
      menuRequests.noteUnanswered(scopes);
    }
    return found.map((live) => toAuthenticationSession(live, scopes ?? live.session.scopes));
  }

  async createSession(
    scopes: readonly string[],
    { account }: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession> {
    const services = await this.#services();
    const { signIn, recentSignIn, ready } = services;
    const request = { scopes, ...(account !== undefined && { account }) };
    return services.limited(async (signal) => {
      await ready;
      const brought = await recentSignIn.find(request);
      if (brought !== undefined) {
        return toAuthenticationSession(brought, scopes);
      }
      const live = await signIn.signIn({ ...request, signal });
      recentSignIn.note(live.session);
      return toAuthenticationSession(live, scopes);
    });
  }

  /** A session that no longer exists counts as removed: a rejection would make VS Code keep its trust in it. */
  async removeSession(sessionId: string): Promise<void> {
    const { sessions } = await this.#services();
    await sessions.signOut(sessionId);
  }

  /**
   * Passes a change on to VS Code, as one event: consumers are notified once.
   * @param added the sessions to report as added, instead of the change's own
   */
  announce({ removed, changed }: SessionsChange, added: readonly Announcement[]): void {
    this.#changed.fire({
      added: added.map(announced),
      removed: removed.map((session) => announced({ session, scopes: session.scopes })),
      changed: changed.map((session) => announced({ session, scopes: session.scopes })),
    });
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** VS Code reads account and scopes of what is announced; tokens it always asks for. */
function announced({ session: { id, account }, scopes }: Announcement): vscode.AuthenticationSession {
  return { id, account: { id: account.id, label: account.label }, scopes: [...scopes], accessToken: '' };
}
