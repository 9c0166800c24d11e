import type { Clock } from '../../common/clock.ts';
import type { Log } from '../../common/log.ts';
import type { Random } from '../../common/random.ts';
import type { Connection } from '../../connections/connection.ts';
import { isSameIdentityCenter } from '../../connections/identityCenter.ts';
import { userOf } from '../../flows/idToken.ts';
import type { IssuedTokens } from '../../flows/tokens.ts';
import { certainAccount, placeSignIn } from './accounts.ts';
import type { ChosenAccount, Placement } from './accounts.ts';
import { aliasesOf } from './aliases.ts';
import { hostOf } from '../../common/locks/holder.ts';
import type { Holder } from '../../common/locks/holder.ts';
import type { LocalSessions } from '../store/localSessions.ts';
import { isSameRequest, parseScopes } from '../scopes.ts';
import { isSignedInSince, replaceSession, signedIn } from '../sessionVersions.ts';
import type { LiveSession, Session, SessionTokens } from '../session.ts';
import type { PendingWrites } from '../store/pending/pendingWrites.ts';
import type { SessionStore } from '../store/sessionStore.ts';
import { checkSignIn } from './signInCheck.ts';
import { bindingOf } from '../vault/tokenBinding.ts';
import type { TokenStore } from '../store/tokenStore.ts';

/** A sign-in that the service has granted. */
export interface GrantedSignIn {
  readonly connection: Connection;
  /** As requested. */
  readonly scopes: readonly string[];
  /** The account the user or the consumer chose, if any. */
  readonly account?: ChosenAccount;
  /** The id of the session that the user signs in to again; see `placeSignIn`. */
  readonly renews?: string;
  /** Whether the connection of the chosen account leads elsewhere now; see `placeSignIn`. */
  readonly isCorrected?: boolean;
  /** Start URLs on a company's own domain that were found to lead to the connection's portal. */
  readonly aliases?: readonly string[];
  /** The ids of sessions that were not handed out when the sign-in was asked for; see `placeSignIn`. */
  readonly unusable?: ReadonlySet<string>;
  /** The sessions when the sign-in was asked for; see `placeSignIn`. */
  readonly seen?: readonly Session[];
  readonly issued: IssuedTokens;
}

/** A sign-in that is kept, and what it took the place of. */
export interface KeptSignIn extends LiveSession {
  /** The session as it was, with its tokens where it had any that could be used. */
  readonly replaced?: { readonly session: Session; readonly tokens?: SessionTokens };
}

interface SignInKeeperParts {
  readonly store: SessionStore;
  readonly tokens: TokenStore;
  readonly local: LocalSessions;
  readonly pending: PendingWrites;
  readonly holder: Holder;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Where a sign-in belongs, and by which other start URLs it is found. */
interface FullPlacement extends Placement {
  readonly aliases: readonly string[];
}

/** Turns what a flow obtained into a session. */
export class SignInKeeper {
  readonly #parts: SignInKeeperParts;

  constructor(parts: SignInKeeperParts) {
    this.#parts = parts;
  }

  /**
   * Keeps a granted sign-in: as a new session, or in place of the one it renews, with the same id and account. Where
   * somebody else who asked for the same was first, that one is kept, and this one's tokens are not in the result.
   * @throws SignInError where it is not what was requested
   */
  async keep(signIn: GrantedSignIn): Promise<KeptSignIn> {
    const { store, tokens, local, clock } = this.#parts;
    const grantedAt = clock.now();
    // Before anything is waited for: a sign-out that comes meanwhile comes after it.
    const kept = await store.transact(async (sessions, _isExclusive, noteSecret) => {
      await local.findTokens(sessions);
      const placement = this.#place(local.select(sessions), signIn);
      const brought = await this.#brought(placement.renews, signIn);
      if (brought !== undefined) {
        return { sessions, result: { ...brought, outcome: 'joined another sign-in' } };
      }
      const live = this.#session(signIn, placement, grantedAt);
      const replaced = placement.renews && (await this.#replaced(placement.renews));
      if (replaced === undefined) {
        await noteSecret(live.session.id);
      }
      await tokens.write(live.session.id, live.tokens);
      return {
        sessions: replaceSession(sessions, live.session),
        result: { ...live, ...(replaced !== undefined && { replaced }), outcome: 'signed in' },
      };
    });
    const { outcome, ...live } = kept;
    this.#finish(live, outcome, signIn);
    return live;
  }

  async #replaced(session: Session): Promise<KeptSignIn['replaced']> {
    const found = session.state.kind === 'signedIn' ? await this.#parts.tokens.read(session) : undefined;
    return { session, ...(found?.kind === 'current' && { tokens: found.tokens }) };
  }

  #finish({ session: { id } }: LiveSession, outcome: string, { connection, issued }: GrantedSignIn): void {
    const { tokens, pending, log } = this.#parts;
    if (pending.changes.has(id)) {
      tokens.saveAgain(id);
    }
    const request = issued.requestId === undefined ? {} : { requestId: issued.requestId };
    log.info({ operation: 'sign-in', outcome, connection: connection.name, session: id, ...request });
  }

  /** @throws SignInError where it is not what was requested */
  #place(sessions: readonly Session[], signIn: GrantedSignIn): FullPlacement {
    const { connection, scopes, issued } = signIn;
    const placed = placeSignIn(sessions, { ...signIn, user: userOf(issued.idToken) });
    const { account } = placed;
    const aliases = aliasesOf(connection, sessions, signIn.aliases);
    const asked = {
      requested: parseScopes(scopes),
      account: certainAccount(sessions, signIn.account, account),
    };
    checkSignIn(asked, { connection, aliases, account, scope: issued.scope });
    return { ...placed, aliases };
  }

  /** `renews`, where somebody has signed in to it since the same was asked for here, and it can be used. */
  async #brought(
    renews: Session | undefined,
    { connection, scopes, seen }: GrantedSignIn,
  ): Promise<LiveSession | undefined> {
    const isBrought =
      renews?.state.kind === 'signedIn' &&
      seen !== undefined &&
      isSignedInSince(renews, seen) &&
      isSameIdentityCenter(renews.connection, connection) &&
      isSameRequest(parseScopes(renews.scopes), parseScopes(scopes));
    if (!isBrought) {
      return undefined;
    }
    const found = await this.#parts.tokens.read(renews);
    const isCurrent = found.kind === 'current' || found.kind === 'newer';
    const isGood = isCurrent && found.tokens.expiresAt > this.#parts.clock.now();
    return isGood ? { session: renews, tokens: found.tokens } : undefined;
  }

  #session(
    { connection, scopes, issued }: GrantedSignIn,
    { account, renews, aliases }: FullPlacement,
    grantedAt: number,
  ): LiveSession {
    const { requestId: _request, scope: _scope, ...grant } = issued;
    const signedInAt = Math.max(grantedAt, (renews?.signedInAt ?? 0) + 1);
    const generation = (renews?.generation ?? 0) + 1;
    const id = renews?.id ?? this.#parts.random.uuid();
    const boundTo = bindingOf({ id, account, connection, scopes });
    const tokens: SessionTokens = { ...grant, signedInAt, generation, boundTo };
    const session: Session = {
      id,
      account,
      connection,
      scopes,
      ...(aliases.length > 0 && { aliases }),
      keptBy: hostOf(this.#parts.holder),
      signedInAt,
      generation,
      state: signedIn(tokens, connection),
    };
    return { session, tokens };
  }
}
