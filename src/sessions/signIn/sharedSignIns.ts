import { SharedWork } from '../../common/sharedWork.ts';
import { isExchangeConnection } from '../../connections/connection.ts';
import type { Connection } from '../../connections/connection.ts';
import { identityCenterKey } from '../../connections/identityCenter.ts';
import type { IssuedTokens } from '../../flows/tokens.ts';
import { accountChoices, isPossible } from './accounts.ts';
import type { ChosenAccount } from './accounts.ts';
import { keepSignIn } from './keepSignIn.ts';
import type { GrantedSignIns } from './keepSignIn.ts';
import { parseScopes } from '../scopes.ts';
import type { Account, LiveSession } from '../session.ts';
import type { SessionManager } from '../sessionManager.ts';
import { unlessSignedInElsewhere } from './signInElsewhere.ts';
import type { WantedSignIn } from './signInElsewhere.ts';

/** What becomes of a sign-in, with the user and at the service. */
export interface SignInSteps {
  /** Asks whose sign-in it will be, where nothing else can tell. */
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
    const account = isSettled(wanted)
      ? wanted.account
      : ((await this.#chooseAccount(wanted, signal, steps)) ?? wanted.account);
    const chosen = { ...wanted, ...(account !== undefined && { account }) };
    const run = (shared: AbortSignal): Promise<LiveSession> =>
      steps.show(shared, (shown, obtain) =>
        unlessSignedInElsewhere(this.#sessions, chosen, shown, async (waiting) => {
          const issued = await obtain(waiting);
          return keepSignIn(steps.granted, { ...chosen, issued }, waiting);
        }),
      );
    return account === 'another' ? run(signal) : this.#shared.run(keyOf(chosen), signal, run);
  }

  async #chooseAccount(
    { connection, scopes }: WantedSignIn,
    signal: AbortSignal,
    { chooseAccount }: SignInSteps,
  ): Promise<ChosenAccount | undefined> {
    if (isExchangeConnection(connection)) {
      return undefined;
    }
    const live = await this.#sessions.getSessions({ scopes: parseScopes(scopes).wire });
    const known = live.map(({ session }) => session);
    const accounts = accountChoices(this.#sessions.sessions, known, { connection, scopes });
    return accounts.length === 0 ? undefined : chooseAccount(accounts, connection, signal);
  }
}

/**
 * Whether nobody has to be asked whose sign-in it will be. An extension may remember an account of an Identity Center that
 * has moved: nobody becomes a further one by that.
 */
function isSettled({ account, connection, seen }: WantedSignIn): boolean {
  return account === 'another' || (account !== undefined && isPossible(account, connection, seen));
}

/** Equal for those who ask for the same. */
function keyOf({ connection, scopes, account, renews }: WantedSignIn): string {
  const id = typeof account === 'object' ? account.id : '';
  return JSON.stringify([identityCenterKey(connection), ...parseScopes(scopes).wire, id, renews ?? '']);
}
