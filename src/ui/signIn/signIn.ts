import * as vscode from 'vscode';

import type { Disposable } from '../../common/disposable.ts';
import { Emitter } from '../../common/event.ts';
import { untilAborted } from '../../common/timeout.ts';
import type { Connection } from '../../connections/connection.ts';
import { isSameIdentityCenter } from '../../connections/identityCenter.ts';
import type { Flow } from '../../flows/flow.ts';
import { isSelected, parseScopes } from '../../sessions/scopes.ts';
import type { LiveSession, Session } from '../../sessions/session.ts';
import type { SessionManager } from '../../sessions/sessionManager.ts';
import { SharedSignIns } from '../../sessions/signIn/sharedSignIns.ts';
import type { SignInSteps } from '../../sessions/signIn/sharedSignIns.ts';
import { signedInElsewhere } from '../../sessions/signIn/signInElsewhere.ts';
import type { SignInNotifications } from './signInNotification.ts';
import { chooseTarget } from './signInTarget.ts';
import type { SignInRequest, SignInTarget, TargetSources } from './signInTarget.ts';

interface SignInParts {
  readonly sessions: SessionManager;
  readonly notifications: Pick<SignInNotifications, 'show'>;
  readonly sources: TargetSources;
  readonly chooseAccount: SignInSteps['chooseAccount'];
  readonly flow: Flow<Connection>;
  readonly granted: SignInSteps['granted'];
  /** Makes sure that what will be granted can be saved. */
  readonly prepare: () => Promise<void>;
}

/** A sign-in that came to nothing, and why. */
export interface FailedSignIn {
  readonly error: unknown;
  readonly request: SignInRequest;
}

/** A sign-in in progress, for one of those who asked. */
export interface PendingSignIn {
  /** The connection's name, once it is known. */
  readonly connection: string | undefined;
  /** Ends it as if the user had cancelled it. */
  readonly cancel: () => void;
}

/** Signs users in, from any command or menu. A request for a sign-in that is in progress joins it. */
export class InteractiveSignIn implements Disposable {
  readonly #parts: SignInParts;
  readonly #shared: SharedSignIns;
  readonly #pending = new Map<AbortController, string | undefined>();
  readonly #pendingChanged = new Emitter<void>();
  readonly #failed = new Emitter<FailedSignIn>();
  /** Failures that were shown already: several requests may have waited for the same sign-in. */
  readonly #told = new WeakSet<object>();
  readonly onDidChangePending = this.#pendingChanged.event;
  /** A sign-in failed, and the user should see why: VS Code itself shows nothing. A cancel is not a failure. */
  readonly onDidFail = this.#failed.event;

  constructor(parts: SignInParts) {
    this.#parts = parts;
    this.#shared = new SharedSignIns(parts.sessions);
  }

  get isPending(): boolean {
    return this.#pending.size > 0;
  }

  /** Those that are in progress in this window. */
  get pending(): readonly PendingSignIn[] {
    return [...this.#pending].map(([controller, connection]) => ({
      connection,
      cancel: () => controller.abort(new vscode.CancellationError()),
    }));
  }

  /**
   * @throws vscode.CancellationError when the user cancels, or signs out meanwhile; SignInError or SsoOidcError when
   * it fails; the reason of the request's signal when that aborts
   */
  async signIn(request: SignInRequest): Promise<LiveSession> {
    const controller = new AbortController();
    const { signal: outer } = request;
    const signal = outer === undefined ? controller.signal : AbortSignal.any([outer, controller.signal]);
    this.#pending.set(controller, undefined);
    this.#pendingChanged.fire();
    try {
      return await this.#run(request, signal, ({ name }) => this.#pending.set(controller, name));
    } catch (error) {
      this.#tell(error, request);
      throw error;
    } finally {
      this.#pending.delete(controller);
      this.#pendingChanged.fire();
    }
  }

  #tell(error: unknown, request: SignInRequest): void {
    const isNews = error instanceof Error && !this.#told.has(error);
    if (isNews && !(error instanceof vscode.CancellationError)) {
      this.#told.add(error);
      this.#failed.fire({ error, request });
    }
  }

  async #run(
    request: SignInRequest,
    signal: AbortSignal,
    onConnection: (connection: Connection) => void,
  ): Promise<LiveSession> {
    const { sessions, sources } = this.#parts;
    const seen = sessions.sessions;
    const target = await untilAborted(signal, chooseTarget(request, seen, sources, signal));
    onConnection(target.connection);
    const brought = (await signedInElsewhere(sessions, { ...target, seen })) ?? (await this.#found(target));
    const live = brought ?? (await this.#obtain(target, seen, signal));
    await sessions.addAliases(target.connection, target.aliases);
    return live;
  }

  /** The session that nobody could find by the company's own domain that is requested, until that was resolved. */
  async #found({ connection, scopes, aliases, account }: SignInTarget): Promise<LiveSession | undefined> {
    const { sessions } = this.#parts;
    const requested = parseScopes(scopes);
    const isUnknown = ({ session }: LiveSession): boolean =>
      isSameIdentityCenter(session.connection, connection) &&
      !isSelected(session.connection, requested, session.aliases);
    const filter = { scopes: requested.wire, ...(account !== undefined && { account }) };
    const found = aliases.length === 0 ? [] : (await sessions.getSessions(filter)).filter(isUnknown);
    return found.length === 1 ? found[0] : undefined;
  }

  #obtain(target: SignInTarget, seen: readonly Session[], signal: AbortSignal): Promise<LiveSession> {
    const { notifications, flow, granted, prepare, chooseAccount } = this.#parts;
    const { connection, scopes } = target;
    const { wire } = parseScopes(scopes);
    return this.#shared.signIn({ ...target, seen }, signal, {
      chooseAccount,
      show: (shared, complete) =>
        notifications.show(connection.name, shared, (interaction, shown) =>
          complete(shown, async (waiting) => {
            await untilAborted(waiting, prepare());
            return flow(connection, wire, interaction, waiting);
          }),
        ),
      granted,
    });
  }

  /** Ends every sign-in in progress, as if the user had cancelled it. */
  abort(): void {
    for (const { cancel } of this.pending) {
      cancel();
    }
  }

  dispose(): void {
    this.abort();
    this.#pendingChanged.dispose();
    this.#failed.dispose();
  }
}
