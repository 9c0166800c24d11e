import { deadline } from '../../common/clock.ts';
import type { Random } from '../../common/random.ts';
import { untilAborted } from '../../common/timeout.ts';
import { l10n, wordsOf } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';
import { oidcEndpoint } from '../../connections/connection.ts';
import type { InteractiveConnection } from '../../connections/connection.ts';
import { isAllowedVerificationUri } from '../../connections/startUrl/verificationUri.ts';
import { urlBelow } from '../../oidc/endpoint.ts';
import { AUTHORIZATION_CODE_GRANT, REFRESH_TOKEN_GRANT } from '../../oidc/model.ts';
import { SsoOidcError } from '../../wire/errors.ts';
import { registeredClient, registrationRequest, renewRegistration } from '../clientRegistration.ts';
import type { RegistrationPurpose } from '../clientRegistration.ts';
import type { Flow, FlowContext } from '../flow.ts';
import { LoopbackReceiver, REGISTERED_REDIRECT_URI } from './loopbackReceiver.ts';
import type { AuthorizationResponse } from './loopbackReceiver.ts';
import { proofKey } from './pkce.ts';
import { SignInError } from '../signInError.ts';
import { issuedTokens } from '../tokens.ts';
import type { IssuedTokens, RegisteredClient } from '../tokens.ts';

/** As long as a device code is valid. */
const BROWSER_MS = 10 * 60_000;

/** What the flow stands on. */
export interface AuthorizationCodeContext extends FlowContext {
  readonly random: Random;
  /** Says words in the user's language. */
  readonly localize: (words: Words) => string;
}

/** The authorization code grant with PKCE (RFC 6749, section 4.1; RFC 7636; RFC 8252): a browser that can reach this machine. */
export function authorizationCodeFlow(context: AuthorizationCodeContext): Flow<InteractiveConnection> {
  return async (connection, scopes, interaction, outer) => {
    const { clock, random } = context;
    const timedOut = (): Error => new SignInError('timedOut', { connection: connection.name });
    const state = Buffer.from(random.bytes(32)).toString('base64url');
    const receiver = await LoopbackReceiver.listen(state, context.localize);
    const limit = deadline(clock, BROWSER_MS, timedOut, outer);
    const { signal } = limit;
    try {
      const oidc = context.oidcClient(connection);
      const registration = { ...context, oidc };
      const purpose = registrationPurpose(connection, scopes);
      const client = await registeredClient(registration, purpose, signal);
      const { clientId, clientSecret } = client;
      const { codeVerifier, codeChallenge } = proofKey(random);
      const { redirectUri } = receiver;
      const url = authorizeUrl(connection, { client, scopes, state, codeChallenge, redirectUri });
      interaction.showBrowserSignIn({ url, region: connection.region });
      const response = await untilAborted(signal, receiver.received);
      return await reportingTo(response, async () => {
        const code = codeOf(response.parameters, connection);
        const grant = { grantType: AUTHORIZATION_CODE_GRANT, code, redirectUri, codeVerifier } as const;
        try {
          const result = await oidc.createToken({ clientId, clientSecret, ...grant }, { signal });
          return issuedTokens(result, client, clock.now());
        } catch (error) {
          if (error instanceof SsoOidcError && error.needsNewRegistration) {
            // A second browser page nobody asked for would confuse: the next sign-in finds a client that works.
            await renewRegistration(registration, purpose, signal);
          }
          throw error;
        }
      });
    } finally {
      limit.dispose();
      receiver.dispose();
    }
  };
}

function registrationPurpose(
  connection: InteractiveConnection,
  scopes: readonly string[],
): RegistrationPurpose {
  const { startUrl, issuerUrl = startUrl } = connection;
  return {
    endpoint: oidcEndpoint(connection),
    startUrl,
    request: registrationRequest(connection, scopes, {
      grantTypes: [AUTHORIZATION_CODE_GRANT, REFRESH_TOKEN_GRANT],
      redirectUris: [REGISTERED_REDIRECT_URI],
      issuerUrl,
    }),
  };
}

interface AuthorizeParameters {
  readonly client: RegisteredClient;
  readonly scopes: readonly string[];
  readonly state: string;
  readonly codeChallenge: string;
  readonly redirectUri: string;
}

/** The page to open: where the service says, if that is a page of its own, else below its host. */
function authorizeUrl(connection: InteractiveConnection, parameters: AuthorizeParameters): string {
  const { client, scopes, state, codeChallenge, redirectUri } = parameters;
  const { authorizationEndpoint } = client;
  if (authorizationEndpoint !== undefined && !isAllowedVerificationUri(authorizationEndpoint, connection)) {
    const host = URL.parse(authorizationEndpoint)?.host;
    throw new SignInError('unsafeVerification', {
      connection: connection.name,
      ...(host !== undefined && { host }),
    });
  }
  const url = new URL(authorizationEndpoint ?? urlBelow(oidcEndpoint(connection), '/authorize'));
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: redirectUri,
    state,
    code_challenge_method: 'S256',
    code_challenge: codeChallenge,
    // RFC 6749 calls it `scope`; the service's own clients do not.
    scopes: scopes.join(' '),
  })
    .toString()
    .replaceAll('+', '%20');
  return url.href;
}

/** RFC 6749, sections 4.1.2 and 4.1.2.1. */
function codeOf(parameters: URLSearchParams, connection: InteractiveConnection): string {
  const error = parameters.get('error');
  if (error !== null) {
    const words = parameters.get('error_description');
    throw new SignInError(error === 'access_denied' ? 'accessDenied' : 'browserRefused', {
      connection: connection.name,
      ...(words !== null && { words }),
    });
  }
  const code = parameters.get('code');
  if (code === null || code === '') {
    throw new SignInError('incompleteAnswer', { connection: connection.name, missing: 'code' });
  }
  return code;
}

/** Lets the browser know how `exchange` ended. */
async function reportingTo(
  response: AuthorizationResponse,
  exchange: () => Promise<IssuedTokens>,
): Promise<IssuedTokens> {
  try {
    const tokens = await exchange();
    response.respond({ kind: 'success', text: l10n.t('You can close this page and return to VS Code.') });
    return tokens;
  } catch (error) {
    response.respond({ kind: 'failure', text: wordsOf(error) });
    throw error;
  }
}
