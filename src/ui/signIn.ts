import * as vscode from 'vscode';

import type { Disposable } from '../common/disposable.ts';
import { Emitter } from '../common/event.ts';
import type { Connection } from '../connections/connection.ts';
import type { Flow } from '../flows/flow.ts';
import { DEFAULT_SCOPE, parseScopes } from '../sessions/scopes.ts';
import type { Account, LiveSession } from '../sessions/session.ts';
import type { SessionManager } from '../sessions/sessionManager.ts';
import type { ConnectionPicker } from './connectionPicker.ts';
import { keepSignIn } from './keepSignIn.ts';
import type { GrantedSignIns } from './keepSignIn.ts';
import type { SignInNotifications } from './signInNotification.ts';

interface SignInParts {
  readonly sessions: SessionManager;
  readonly notifications: SignInNotifications;
  readonly picker: ConnectionPicker;
  readonly flow: Flow<Connection>;
  readonly granted: GrantedSignIns;
  /** Makes sure that what will be granted can be saved. */
  readonly prepare: () => Promise<void>;
}

/** A sign-in as somebody asked for it. */
export interface SignInRequest {
  /** As requested, selectors included. Absent: those of the connection. */
  readonly scopes?: readonly string[];
  /** Whose sign-in it should be, when it is to renew one. */
  readonly account?: Account;
  readonly signal?: AbortSignal;
}

/** A sign-in that came to nothing, and why. */
export interface FailedSignIn {
  readonly error: unknown;
  readonly request: SignInRequest;
}

/** Signs people in, whichever door they come through. */
export class InteractiveSignIn implements Disposable {
  readonly #parts: SignInParts;
  readonly #pending = new Set<AbortController>();
  readonly #pendingChanged = new Emitter<void>();
  readonly #failed = new Emitter<FailedSignIn>();
  readonly onDidChangePending = this.#pendingChanged.event;
  /** A sign-in failed, and the person should hear why: VS Code itself shows nothing. A cancel is no failure. */
  readonly onDidFail = this.#failed.event;

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
  async signIn(request: SignInRequest): Promise<LiveSession> {
    const controller = new AbortController();
    const { signal: outer } = request;
    const signal = outer === undefined ? controller.signal : AbortSignal.any([outer, controller.signal]);
    this.#pending.add(controller);
    this.#pendingChanged.fire();
    try {
      return await this.#run(request, signal);
    } catch (error) {
      if (!(error instanceof vscode.CancellationError)) {
        this.#failed.fire({ error, request });
      }
      throw error;
    } finally {
      this.#pending.delete(controller);
      this.#pendingChanged.fire();
    }
  }

  async #run({ scopes: asked, account }: SignInRequest, signal: AbortSignal): Promise<LiveSession> {
    const { notifications, picker, flow, granted, prepare } = this.#parts;
    const connection = this.#connectionOf(account) ?? (await picker.choose(parseScopes(asked ?? []), signal));
    const scopes = asked ?? connection.scopes ?? [DEFAULT_SCOPE];
    return notifications.show(connection.name, signal, async (interaction, shown) => {
      await prepare();
      const issued = await flow(connection, parseScopes(scopes).wire, interaction, shown);
      const signIn = { connection, scopes, issued, ...(account !== undefined && { account }) };
      return keepSignIn(granted, signIn, shown);
    });
  }

  /** Ends every sign-in under way, as if the person had cancelled it. */
  abort(): void {
    for (const controller of this.#pending) {
      controller.abort(new vscode.CancellationError());
    }
  }

  #connectionOf(account: Account | undefined): Connection | undefined {
    const { sessions } = this.#parts.sessions;
    return sessions.find((session) => session.account.id === account?.id)?.connection;
  }

  dispose(): void {
    this.abort();
    this.#pendingChanged.dispose();
    this.#failed.dispose();
  }
}
