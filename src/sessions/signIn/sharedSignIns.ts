import { SharedWork } from '../../common/sharedWork.ts';
import { untilAborted } from '../../common/timeout.ts';
import { isExchangeConnection } from '../../connections/connection.ts';
import type { Connection } from '../../connections/connection.ts';
import { identityCenterKey } from '../../connections/identityCenter.ts';
import type { IssuedTokens } from '../../flows/tokens.ts';
import { accountChoices, certainAccount, isPossible, placeSignIn } from './accounts.ts';
import type { ChosenAccount } from './accounts.ts';
import { keepSignIn } from './keepSignIn.ts';
import type { GrantedSignIns } from './keepSignIn.ts';
import { parseScopes } from '../scopes.ts';
import { isSignedInSince } from '../sessionVersions.ts';
import type { Account, LiveSession } from '../session.ts';
import type { SessionManager } from '../sessionManager.ts';
import { unlessSignedInElsewhere } from './signInElsewhere.ts';
import type { WantedSignIn } from './signInElsewhere.ts';

/** What becomes of a sign-in, with the user and at the service. */
export interface SignInSteps {
  /** Asks for the account, where nothing else determines it. */
  readonly chooseAccount: (
    accounts: readonly Account[],
    connection: Connection,
    signal: AbortSignal,
  ) => Promise<ChosenAccount>;
  /**
   * Shows the sign-in to the user while `complete` obtains tokens in the way that it is given. The signal that
   * `complete` gets, and hands on, is the one that ends it.
   */
  readonly show: (
    signal: AbortSignal,
    complete: (
      signal: AbortSignal,
      obtain: (signal: AbortSignal) => Promise<IssuedTokens>,
    ) => Promise<LiveSession>,
  ) => Promise<LiveSession>;
  readonly granted: GrantedSignIns;
}

/** Signs in once for all who ask for the same at the same time, in this window and in the others. */
export class SharedSignIns {
  readonly #sessions: SessionManager;
  readonly #shared = new SharedWork<LiveSession>();

  constructor(sessions: SessionManager) {
    this.#sessions = sessions;
  }

  /**
   * @param signal ends this caller's wait; the sign-in itself where nobody else waits for it
   * @throws what the steps throw; the signal's reason when it aborts
   */
  async signIn(wanted: WantedSignIn, signal: AbortSignal, steps: SignInSteps): Promise<LiveSession> {
    const chosen = isSettled(wanted) ? wanted : await this.#chooseAccount(wanted, signal, steps);
    const live = await this.#obtain(chosen, signal, steps);
    await this.#removeReplaced(chosen, live);
    return live;
  }

  async #chooseAccount(
    wanted: WantedSignIn,
    signal: AbortSignal,
    { chooseAccount }: SignInSteps,
  ): Promise<WantedSignIn> {
    const { connection, scopes } = wanted;
    const live = await untilAborted(signal, this.#sessions.getSessions({ scopes: parseScopes(scopes).wire }));
    const { sessions } = this.#sessions;
    const usable = sessions.filter(({ id }) => live.some(({ session }) => session.id === id));
    const unusable = new Set(sessions.filter((session) => !usable.includes(session)).map(({ id }) => id));
    // The exchanged token determines the account.
    const isClear = isExchangeConnection(connection);
    const accounts = isClear ? [] : accountChoices(sessions, usable, { connection, scopes });
    const account =
      accounts.length === 0 ? wanted.account : await chooseAccount(accounts, connection, signal);
    return { ...wanted, unusable, ...(account !== undefined && { account }) };
  }

  async #obtain(chosen: WantedSignIn, signal: AbortSignal, steps: SignInSteps): Promise<LiveSession> {
    const run = (shared: AbortSignal): Promise<LiveSession> =>
      steps.show(shared, (shown, obtain) =>
        unlessSignedInElsewhere(this.#sessions, chosen, shown, async (waiting) => {
          const issued = await obtain(waiting);
          return keepSignIn(steps.granted, { ...chosen, issued }, { waiting, cancelled: shown });
        }),
      );
    if (chosen.account === 'another') {
      return run(signal);
    }
    let isOwn = false;
    const live = await this.#shared.run(this.#keyOf(chosen), signal, (shared) => {
      isOwn = true;
      return run(shared);
    });
    // An ID token may have named somebody else than whoever joins has asked for.
    const account = certainAccount(chosen.seen, chosen.account, live.session.account);
    return isOwn || account === undefined || account.id === live.session.account.id ? live : run(signal);
  }

  /** Equal for those whose sign-ins belong to the same account, as far as that is known before, with the same scopes. */
  #keyOf(chosen: WantedSignIn): string {
    const { connection, scopes } = chosen;
    const { account } = placeSignIn(this.#sessions.sessions, { ...chosen, user: undefined });
    return JSON.stringify([identityCenterKey(connection), ...parseScopes(scopes).wire, account.id]);
  }

  /** What was to be signed in to again may have been answered by another session: then nobody needs it any more. */
  async #removeReplaced({ renews, seen }: WantedSignIn, live: LiveSession): Promise<void> {
    const old = this.#sessions.sessions.find(({ id }) => id === renews);
    if (old !== undefined && old.id !== live.session.id && !isSignedInSince(old, seen)) {
      await this.#sessions.removeReplaced(old.id);
    }
  }
}

/**
 * Whether nobody has to be asked whose sign-in it will be. An extension may remember an account of an Identity Center that
 * has moved: nobody becomes a further one by that.
 */
function isSettled({ account, connection, seen }: WantedSignIn): boolean {
  return account === 'another' || (account !== undefined && isPossible(account, connection, seen));
}
