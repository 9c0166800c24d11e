import type { Clock } from '../common/clock.ts';
import { untilAborted } from '../common/timeout.ts';
import type { ExchangeConnection } from '../connections/connection.ts';
import type { ExchangeFlow } from '../connections/flowNames.ts';
import { isRegion } from '../oidc/regionCode.ts';
import type { SsoOidcClient } from '../oidc/client.ts';
import { SsoOidcError } from '../wire/errors.ts';
import {
  ACCESS_TOKEN_TYPE,
  JWT_BEARER_GRANT,
  REFRESH_TOKEN_GRANT,
  TOKEN_EXCHANGE_GRANT,
} from '../oidc/model.ts';
import type { CreateTokenWithIAMRequest, JwtBearerGrant, TokenExchangeGrant } from '../oidc/model.ts';
import { partitionOf } from '../oidc/partitions.ts';
import type { Flow } from './flow.ts';
import { userOf } from './idToken.ts';
import { SignInError } from './signInError.ts';
import { issuedTokens } from './tokens.ts';
import type { IssuedTokens } from './tokens.ts';

/** The tokens of an account that is signed in to somewhere else. */
export interface ForeignTokens {
  readonly accessToken: string;
  readonly idToken?: string;
}

/** The accounts that are signed in to the other authentication providers of the editor. */
export interface AssertionSource {
  /**
   * @param interactive whether the user may be asked to sign in there, or to allow the use of that account
   * @returns `undefined` where nobody is signed in, or has allowed it, and the user may not be asked
   */
  get(
    providerId: string,
    scopes: readonly string[],
    interactive: boolean,
  ): PromiseLike<ForeignTokens | undefined>;
}

/** What an exchange is built on. */
export interface ExchangeContext {
  readonly oidcClient: (connection: ExchangeConnection) => SsoOidcClient;
  readonly assertions: AssertionSource;
  readonly clock: Clock;
}

/** What a session by exchange is renewed with. */
export interface ExchangeRenewal {
  readonly connection: ExchangeConnection;
  readonly scopes: readonly string[];
  readonly refreshToken?: string;
  /** The latest one: it says whose session it is. */
  readonly idToken?: string;
}

/** Exchanges the token of another account (RFC 7523, section 2.1; RFC 8693): a sign-in without a browser of ours. */
export function exchangeFlow(context: ExchangeContext): Flow<ExchangeConnection> {
  return (connection, scopes, _interaction, signal) => exchange(context, connection, scopes, true, signal);
}

/**
 * Renews by the refresh token where there is one that still works (RFC 6749, section 6), else by another exchange,
 * for which nobody is asked.
 * @throws SsoOidcError or SignInError; the signal's reason when `signal` aborts
 */
export async function renewExchange(
  context: ExchangeContext,
  { connection, scopes, refreshToken, idToken }: ExchangeRenewal,
  signal: AbortSignal,
): Promise<IssuedTokens> {
  if (refreshToken !== undefined) {
    try {
      const clientId = connection.applicationArn;
      const request = { clientId, grantType: REFRESH_TOKEN_GRANT, refreshToken } as const;
      return { refreshToken, ...(await createToken(context, connection, request, signal)) };
    } catch (error) {
      if (!isRefused(error)) {
        throw error;
      }
    }
  }
  const issued = await exchange(context, connection, scopes, false, signal);
  const [owner, user] = [userOf(idToken), userOf(issued.idToken)];
  if (owner !== undefined && user !== undefined && owner.subject !== user.subject) {
    // The editor chose another account of that provider: its tokens must not end up in this session.
    throw noAssertion(connection);
  }
  return issued;
}

function noAssertion({ name, assertionFrom }: ExchangeConnection): SignInError {
  return new SignInError('noAssertion', { connection: name, provider: assertionFrom.providerId });
}

async function exchange(
  context: ExchangeContext,
  connection: ExchangeConnection,
  scope: readonly string[],
  interactive: boolean,
  signal: AbortSignal,
): Promise<IssuedTokens> {
  const { providerId, scopes } = connection.assertionFrom;
  const asked = Promise.resolve(context.assertions.get(providerId, scopes, interactive));
  const tokens = await untilAborted(signal, asked);
  if (tokens === undefined) {
    throw noAssertion(connection);
  }
  return createToken(context, connection, exchangeRequest(connection, scope, tokens), signal);
}

function exchangeRequest(
  connection: ExchangeConnection,
  scope: readonly string[],
  tokens: ForeignTokens,
): CreateTokenWithIAMRequest {
  const { applicationArn: clientId, flow } = connection;
  return { clientId, scope, ...GRANTS[flow](tokens, connection) };
}

/** What each exchange sends of another account's tokens. A new one is a name in `flowNames.ts`, and an entry here. */
const GRANTS: Readonly<
  Record<
    ExchangeFlow,
    (tokens: ForeignTokens, connection: ExchangeConnection) => JwtBearerGrant | TokenExchangeGrant
  >
> = {
  jwtBearer: ({ idToken, accessToken }, { name, assertionFrom }) => {
    const assertion = idToken ?? accessToken;
    if (!JWT.test(assertion)) {
      // It may be the key to something else: it does not leave the machine.
      throw new SignInError('assertionNotJwt', { connection: name, provider: assertionFrom.providerId });
    }
    return { grantType: JWT_BEARER_GRANT, assertion };
  },
  tokenExchange: ({ accessToken }) => ({
    grantType: TOKEN_EXCHANGE_GRANT,
    subjectToken: accessToken,
    subjectTokenType: ACCESS_TOKEN_TYPE,
  }),
};

/** RFC 7515, section 7.1. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Asks in the connection's region, and once more where the service says that the application is elsewhere. */
async function createToken(
  { oidcClient, clock }: ExchangeContext,
  connection: ExchangeConnection,
  request: CreateTokenWithIAMRequest,
  signal: AbortSignal,
): Promise<IssuedTokens> {
  const ask = async (where: ExchangeConnection): Promise<IssuedTokens> => {
    const response = await oidcClient(where).createTokenWithIAM(request, { signal });
    return issuedTokens(response, undefined, clock.now(), true);
  };
  try {
    return await ask(connection);
  } catch (error) {
    const region = regionNamedBy(error, connection);
    if (region === undefined) {
      throw error;
    }
    return ask({ ...connection, region });
  }
}

/** Data of the server: a region that it names must have the form of one, and be of the same partition. */
function regionNamedBy(error: unknown, { region }: ExchangeConnection): string | undefined {
  const named =
    error instanceof SsoOidcError && error.code === 'InvalidRequestRegionException'
      ? error.region
      : undefined;
  const isUsable = named !== undefined && isRegion(named) && partitionOf(named) === partitionOf(region);
  return isUsable && named !== region ? named : undefined;
}

/** Whether the refresh token, or refreshing as such, is refused for good: there is another way here. */
function isRefused(error: unknown): boolean {
  return error instanceof SsoOidcError && (error.endsSession || error.isUnsupportedGrant);
}
