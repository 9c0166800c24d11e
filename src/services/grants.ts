import type { CliSharing } from '../awsCli/cliSharing.ts';
import type { Clock } from '../common/clock.ts';
import type { Random } from '../common/random.ts';
import { oidcEndpoint, portalEndpoint } from '../connections/connection.ts';
import type { Connection } from '../connections/connection.ts';
import type { ConnectionList } from '../connections/connectionList.ts';
import type { RegistrationCache } from '../flows/clientRegistration.ts';
import { renewExchange } from '../flows/exchange.ts';
import type { ExchangeContext } from '../flows/exchange.ts';
import type { Flow, FlowContext } from '../flows/flow.ts';
import { signInFlow } from '../flows/flows.ts';
import { refreshTokens } from '../flows/refreshToken.ts';
import { SsoOidcClient } from '../oidc/client.ts';
import { lazyDefaultCredentials, lazySigner } from '../oidc/lazySigner.ts';
import { SsoPortalClient } from '../portal/client.ts';
import type { TokenService } from '../sessions/tokenService.ts';
import { assertionSource } from '../ui/signIn/assertions.ts';
import type { SignInNotifications } from '../ui/signIn/signInNotification.ts';
import type { TargetSources } from '../ui/signIn/signInTarget.ts';
import { ConnectionPicker } from '../ui/connections/connectionPicker.ts';
import { connectionChecks } from '../ui/connections/connectionChecks.ts';
import { newConnections } from '../ui/connections/newConnections.ts';
import type { NewConnections } from '../ui/connections/newConnections.ts';
import { readSignInFlow } from '../ui/settings.ts';
import { localized } from '../ui/localized.ts';

interface GrantsParts {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly random: Random;
  /** See {@link lazyDefaultCredentials}. */
  readonly checkAwsFiles: () => Promise<void>;
  readonly notifications: SignInNotifications;
  readonly registrations: RegistrationCache;
  /** The browser that opens can be expected on the machine this runs on. */
  readonly isLoopbackReachable: boolean;
  /** What the AWS CLI has and gets. */
  readonly sharing: CliSharing;
  /** The user's connections. */
  readonly connections: ConnectionList;
}

/** Every way to be granted a token, and what else is asked of the service. */
export interface Grants {
  readonly flowContext: FlowContext;
  /** In a browser, as the connection or the user's setting says, or by an exchange of another account's token. */
  readonly flow: Flow<Connection>;
  /** What a sign-in shows while it is in progress. */
  readonly notifications: SignInNotifications;
  /** How a connection is added. */
  readonly newConnections: NewConnections;
  /** How a sign-in finds its connection. */
  readonly sources: TargetSources;
  readonly service: TokenService;
  readonly sharing: CliSharing;
}

export { undiciFetch } from '../network/undiciFetch.ts';
export { Commands } from '../ui/commands/commands.ts';
export { Notifications } from '../ui/notifications/sessionNotifications.ts';
export { SignInNotifications } from '../ui/signIn/signInNotification.ts';
export { announceSharing, createCliSharing } from '../ui/awsCli/awsCli.ts';
export { SetupLinks } from '../ui/connections/setupLinks.ts';

/** Import this module lazily: it brings all flows along, and a user who is signed in seldom needs one. */
export function createGrants(parts: GrantsParts): Grants {
  const { fetch, clock, random, registrations, checkAwsFiles, isLoopbackReachable } = parts;
  const { notifications, connections, sharing } = parts;
  const oidcClient = oidcClients(fetch, clock, checkAwsFiles);
  const flowContext = { oidcClient, registrations, clock };
  const exchange = { oidcClient, assertions: assertionSource(notifications.whileAsking), clock };
  const flow = signInFlow({
    interactive: { ...flowContext, random, localize: localized },
    exchange,
    preferred: readSignInFlow,
    isLoopbackReachable,
    shared: (interactive) => sharing.flow(interactive),
  });
  const additions = newConnections(connectionChecks(flowContext, fetch));
  return {
    flowContext,
    flow,
    notifications,
    newConnections: additions,
    sources: new ConnectionPicker(connections, additions),
    service: sharing.service(createTokenService(fetch, oidcClient, exchange)),
    sharing,
  };
}

/** What the sessions ask of the service. */
function createTokenService(
  fetch: typeof globalThis.fetch,
  oidcClient: (connection: Connection) => SsoOidcClient,
  exchange: ExchangeContext,
): TokenService {
  const { clock } = exchange;
  return {
    refresh: (connection, renewal, signal) =>
      'client' in renewal
        ? refreshTokens({ oidc: oidcClient(connection), clock }, renewal, signal)
        : renewExchange(exchange, renewal, signal),
    signOut: async (connection, accessToken, signal) => {
      const portal = new SsoPortalClient({ endpoint: portalEndpoint(connection), fetch });
      await portal.logout({ accessToken }, { signal });
    },
  };
}

function oidcClients(
  fetch: typeof globalThis.fetch,
  clock: Clock,
  checkAwsFiles: () => Promise<void>,
): (connection: Connection) => SsoOidcClient {
  return (connection) =>
    new SsoOidcClient({
      endpoint: oidcEndpoint(connection),
      region: connection.region,
      fetch,
      credentials: lazyDefaultCredentials(checkAwsFiles),
      signer: lazySigner(clock),
    });
}
