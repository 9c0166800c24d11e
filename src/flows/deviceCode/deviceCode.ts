import { isAllowedVerificationUri } from '../../connections/startUrl/verificationUri.ts';
import { oidcEndpoint } from '../../connections/connection.ts';
import type { InteractiveConnection } from '../../connections/connection.ts';
import { SsoOidcError } from '../../wire/errors.ts';
import { DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT } from '../../oidc/model.ts';
import type { StartDeviceAuthorizationResponse, Result } from '../../oidc/model.ts';
import { registeredClient, registrationRequest, renewRegistration } from '../clientRegistration.ts';
import { pollForToken } from './devicePolling.ts';
import type { Flow, FlowContext, UserCodePrompt } from '../flow.ts';
import { SignInError } from '../signInError.ts';
import { issuedTokens } from '../tokens.ts';
import type { RegisteredClient } from '../tokens.ts';

/** As the service sends them; anything else could carry markup into the notification. */
const USER_CODE = /^[A-Z0-9-]{4,32}$/;

/** The service's own lifetime for a code, in seconds, when a response names none. */
const DEFAULT_CODE_LIFETIME_S = 600;

/** A device authorization in progress. */
interface Authorization {
  readonly client: RegisteredClient;
  readonly deviceCode: string;
  readonly intervalMs: number | undefined;
  readonly prompt: UserCodePrompt;
}

/** The device authorization grant (RFC 8628): a code on this screen, confirmed in any browser. */
export function deviceCodeFlow(context: FlowContext): Flow<InteractiveConnection> {
  return async (connection, scopes, interaction, signal) => {
    const authorization = await authorize(context, connection, scopes, signal);
    interaction.showUserCode(authorization.prompt);
    const { clientId, clientSecret } = authorization.client;
    const { deviceCode } = authorization;
    const oidc = context.oidcClient(connection);
    const response = await pollForToken(
      {
        poll: () =>
          oidc.createToken({ clientId, clientSecret, grantType: DEVICE_CODE_GRANT, deviceCode }, { signal }),
        connection: connection.name,
        intervalMs: authorization.intervalMs,
        expiresAt: authorization.prompt.expiresAt,
        clock: context.clock,
        onTrouble: (trouble) => interaction.showTrouble(trouble),
      },
      signal,
    );
    return issuedTokens(response, authorization.client, context.clock.now());
  };
}

/**
 * Registers the client where that is due, and starts a device authorization (RFC 8628, section 3.1).
 * @throws SignInError or SsoOidcError; the signal's reason when `signal` aborts
 */
export async function authorize(
  context: FlowContext,
  connection: InteractiveConnection,
  scopes: readonly string[],
  signal: AbortSignal,
): Promise<Authorization> {
  const oidc = context.oidcClient(connection);
  const { startUrl } = connection;
  const registration = { ...context, oidc };
  const purpose = {
    endpoint: oidcEndpoint(connection),
    startUrl,
    request: registrationRequest(connection, scopes, {
      grantTypes: [DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT],
    }),
  };
  const startWith = async (register: typeof registeredClient): Promise<Authorization> => {
    const client = await register(registration, purpose, signal);
    const { clientId, clientSecret } = client;
    const started = oidc.startDeviceAuthorization({ clientId, clientSecret, startUrl }, { signal });
    const result = await started.catch((error: unknown) => {
      throw explained(error, connection);
    });
    return readAuthorization(result, client, connection, context.clock.now());
  };
  try {
    return await startWith(registeredClient);
  } catch (error) {
    if (!(error instanceof SsoOidcError && error.needsNewRegistration)) {
      throw error;
    }
    return startWith(renewRegistration);
  }
}

/** The server's strings are data: they are checked here before they are shown or opened. */
function readAuthorization(
  result: Result<StartDeviceAuthorizationResponse>,
  client: RegisteredClient,
  connection: InteractiveConnection,
  now: number,
): Authorization {
  const requestId = result.ResponseMetadata.RequestId;
  const { deviceCode, userCode, expiresIn, interval } = result;
  const verificationUri = result.verificationUriComplete ?? result.verificationUri;
  if (deviceCode === undefined || userCode === undefined || verificationUri === undefined) {
    const missing =
      deviceCode === undefined ? 'deviceCode' : userCode === undefined ? 'userCode' : 'verificationUri';
    throw new SignInError('incompleteAnswer', { connection: connection.name, missing, requestId });
  }
  if (!USER_CODE.test(userCode)) {
    throw new SignInError('unsafeVerification', { connection: connection.name, requestId });
  }
  if (!isAllowedVerificationUri(verificationUri, connection)) {
    const host = URL.parse(verificationUri)?.host;
    throw new SignInError('unsafeVerification', {
      connection: connection.name,
      requestId,
      ...(host !== undefined && { host }),
    });
  }
  const lifetime = expiresIn ?? DEFAULT_CODE_LIFETIME_S;
  // With an interval that outlasts the code nobody would ever ask.
  const isUsable = interval !== undefined && interval < lifetime;
  return {
    client,
    deviceCode,
    intervalMs: isUsable ? interval * 1000 : undefined,
    prompt: { userCode, verificationUri, expiresAt: now + lifetime * 1000 },
  };
}

/**
 * StartDeviceAuthorization answers a start URL it does not know, or that lives in another region, with a bare
 * InvalidRequest. RegisterClient never saw it, and a KMS key that shuts the service out has another reason.
 */
function explained(error: unknown, { name, startUrl, region }: InteractiveConnection): unknown {
  const isUnknown = error instanceof SsoOidcError && error.code === 'InvalidRequestException';
  if (isUnknown && error.isDefinitive && !error.isKeyFault) {
    const { requestId } = error;
    const details = { connection: name, startUrl, region, requestId, cause: error };
    return new SignInError('noSuchIdentityCenter', details);
  }
  return error;
}
