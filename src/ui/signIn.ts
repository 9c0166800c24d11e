import * as vscode from 'vscode';

import type { Disposable } from '../common/disposable.ts';
import { Emitter } from '../common/event.ts';
import { isExchangeConnection } from '../connections/connection.ts';
import type { InteractiveConnection } from '../connections/connection.ts';
import type { Flow } from '../flows/flow.ts';
import { parseScopes } from '../sessions/scopes.ts';
import type { RequestedScopes } from '../sessions/scopes.ts';
import type { Account, LiveSession } from '../sessions/session.ts';
import type { SessionManager } from '../sessions/sessionManager.ts';
import type { SignInNotifications } from './signInNotification.ts';

interface SignInParts {
  readonly sessions: SessionManager;
  readonly notifications: SignInNotifications;
  readonly flow: Flow<InteractiveConnection>;
  readonly chooseConnection: (
    requested: RequestedScopes,
    signal: AbortSignal,
  ) => Promise<InteractiveConnection>;
}

/** A sign-in as somebody asked for it. */
export interface SignInRequest {
  /** As requested, selectors included. Absent: those of the connection. */
  readonly scopes?: readonly string[];
  /** Whose sign-in it should be, when it is to renew one. */
  readonly account?: Account;
  readonly signal?: AbortSignal;
}

/** Signs people in, whichever door they come through. */
export class InteractiveSignIn implements Disposable {
  readonly #parts: SignInParts;
  readonly #pending = new Set<AbortController>();
  readonly #pendingChanged = new Emitter<void>();
  readonly onDidChangePending = this.#pendingChanged.event;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  get isPending(): boolean {
    return this.#pending.size > 0;
  }

  /**
   * @throws vscode.CancellationError when the person cancels, or signs out meanwhile; SignInError or SsoOidcError
   * when it fails; the reason of the request's signal when that aborts
   */
  async signIn({ scopes: asked, account, signal: outer }: SignInRequest): Promise<LiveSession> {
    const controller = new AbortController();
    const signal = outer === undefined ? controller.signal : AbortSignal.any([outer, controller.signal]);
    this.#pending.add(controller);
    this.#pendingChanged.fire();
    try {
      const { sessions, notifications, flow, chooseConnection } = this.#parts;
      const connection =
        this.#connectionOf(account) ?? (await chooseConnection(parseScopes(asked ?? []), signal));
      const scopes = asked ?? connection.scopes ?? [];
      return await notifications.show(connection.name, signal, async (interaction, shown) => {
        const issued = await flow(connection, parseScopes(scopes).wire, interaction, shown);
        return sessions.add({ connection, scopes, issued, ...(account !== undefined && { account }) });
      });
    } finally {
      this.#pending.delete(controller);
      this.#pendingChanged.fire();
    }
  }

  /** Ends every sign-in under way, as if the person had cancelled it. */
  abort(): void {
    for (const controller of this.#pending) {
      controller.abort(new vscode.CancellationError());
    }
  }

  #connectionOf(account: Account | undefined): InteractiveConnection | undefined {
    const known = this.#parts.sessions.sessions.find((session) => session.account.id === account?.id);
    return known === undefined || isExchangeConnection(known.connection) ? undefined : known.connection;
  }

  dispose(): void {
    this.abort();
    this.#pendingChanged.dispose();
  }
}
