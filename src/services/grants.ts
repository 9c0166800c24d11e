import type { CliSharing } from '../awsCli/cliSharing.ts';
import type { Clock } from '../common/clock.ts';
import type { Random } from '../common/random.ts';
import { isExchangeConnection, oidcEndpoint, portalEndpoint } from '../connections/connection.ts';
import type { Connection } from '../connections/connection.ts';
import { authorizationCodeFlow } from '../flows/authorizationCode/authorizationCode.ts';
import { switchableFlow } from '../flows/browserFlow.ts';
import { chooseFlow } from '../flows/chooseFlow.ts';
import type { RegistrationCache } from '../flows/clientRegistration.ts';
import { deviceCodeFlow } from '../flows/deviceCode/deviceCode.ts';
import { exchangeFlow, renewExchange } from '../flows/exchange.ts';
import type { ExchangeContext } from '../flows/exchange.ts';
import type { Flow, FlowContext } from '../flows/flow.ts';
import { refreshTokens } from '../flows/refreshToken.ts';
import { SsoOidcClient } from '../oidc/client.ts';
import { lazyDefaultCredentials, lazySigner } from '../oidc/lazySigner.ts';
import { SsoPortalClient } from '../portal/client.ts';
import type { TokenService } from '../sessions/tokenService.ts';
import { assertionSource } from '../ui/signIn/assertions.ts';
import type { WhileAsking } from '../ui/signIn/signInNotification.ts';
import { connectionChecks } from '../ui/connections/connectionChecks.ts';
import { newConnections } from '../ui/connections/newConnections.ts';
import type { NewConnections } from '../ui/connections/newConnections.ts';
import { readSignInFlow } from '../ui/connections/connectionSettings.ts';
import { localized } from '../ui/localized.ts';

interface ClientParts {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** See {@link lazyDefaultCredentials}. */
  readonly checkAwsFiles: () => Promise<void>;
  readonly whileAsking: WhileAsking;
}

interface GrantsParts extends ClientParts {
  readonly random: Random;
  readonly registrations: RegistrationCache;
  /** The browser that opens can be expected on the machine this runs on. */
  readonly isLoopbackReachable: boolean;
  /** What the AWS CLI has and gets. */
  readonly sharing: CliSharing;
}

/** Every way to be granted a token, and what else is asked of the service. */
export interface Grants {
  readonly flowContext: FlowContext;
  /** In a browser, as the connection or the user's setting says, or by an exchange of another account's token. */
  readonly flow: Flow<Connection>;
  readonly newConnections: NewConnections;
  readonly service: TokenService;
  readonly sharing: CliSharing;
}

export { announceSharing, createCliSharing } from '../ui/awsCli/awsCli.ts';

/** Import this module lazily: it brings all flows along, and a user who is signed in seldom needs one. */
export function createGrants({ isLoopbackReachable, registrations, sharing, ...parts }: GrantsParts): Grants {
  const flowContext = { ...parts, registrations, oidcClient: oidcClients(parts) };
  const deviceCode = deviceCodeFlow(flowContext);
  const flows = {
    deviceCode,
    authorizationCode: switchableFlow(
      authorizationCodeFlow({ ...flowContext, localize: localized }),
      deviceCode,
    ),
  };
  const interactive = sharing.flow((connection, ...more) =>
    flows[chooseFlow(connection, readSignInFlow(), isLoopbackReachable)](connection, ...more),
  );
  const exchange = exchangeFlow(exchangeContext(parts));
  return {
    flowContext,
    flow: (connection, ...more) =>
      isExchangeConnection(connection) ? exchange(connection, ...more) : interactive(connection, ...more),
    newConnections: newConnections(connectionChecks(flowContext, parts.fetch)),
    service: sharing.service(createTokenService(parts)),
    sharing,
  };
}

/** What the sessions ask of the service. */
function createTokenService(parts: ClientParts): TokenService {
  const { fetch, clock } = parts;
  const oidcClient = oidcClients(parts);
  return {
    refresh: (connection, renewal, signal) =>
      'client' in renewal
        ? refreshTokens({ oidc: oidcClient(connection), clock }, renewal, signal)
        : renewExchange(exchangeContext(parts), renewal, signal),
    signOut: async (connection, accessToken, signal) => {
      const portal = new SsoPortalClient({ endpoint: portalEndpoint(connection), fetch });
      await portal.logout({ accessToken }, { signal });
    },
  };
}

function exchangeContext(parts: ClientParts): ExchangeContext {
  return {
    oidcClient: oidcClients(parts),
    assertions: assertionSource(parts.whileAsking),
    clock: parts.clock,
  };
}

function oidcClients({
  fetch,
  clock,
  checkAwsFiles,
}: ClientParts): (connection: Connection) => SsoOidcClient {
  return (connection) =>
    new SsoOidcClient({
      endpoint: oidcEndpoint(connection),
      region: connection.region,
      fetch,
      credentials: lazyDefaultCredentials(checkAwsFiles),
      signer: lazySigner(clock),
    });
}
