import * as vscode from 'vscode';

import type { Clock } from '../common/clock.ts';
import type { Random } from '../common/random.ts';
import { isExchangeConnection, oidcEndpoint, portalEndpoint } from '../connections/connection.ts';
import type { Connection, InteractiveConnection } from '../connections/connection.ts';
import { authorizationCodeFlow } from '../flows/authorizationCode.ts';
import { switchableFlow } from '../flows/browserFlow.ts';
import { chooseFlow } from '../flows/chooseFlow.ts';
import type { RegistrationCache } from '../flows/clientRegistration.ts';
import { deviceCodeFlow } from '../flows/deviceCode.ts';
import { exchangeFlow, renewExchange } from '../flows/exchange.ts';
import type { ExchangeContext } from '../flows/exchange.ts';
import type { Flow, FlowContext } from '../flows/flow.ts';
import { refreshTokens } from '../flows/refreshToken.ts';
import { SsoOidcClient } from '../oidc/client.ts';
import { lazyDefaultCredentials, lazySigner } from '../oidc/lazySigner.ts';
import { SsoPortalClient } from '../oidc/portalClient.ts';
import type { TokenService } from '../sessions/tokenService.ts';
import { assertionSource } from '../ui/assertions.ts';
import { readSignInFlow } from '../ui/connectionSettings.ts';
import { localized } from '../ui/localized.ts';

interface GrantsParts extends ClientParts {
  readonly random: Random;
  readonly registrations: RegistrationCache;
  /** The browser that opens can be expected on the machine this runs on. */
  readonly isLoopbackReachable: boolean;
}

/** Every way to be granted a token. */
export interface Grants {
  readonly flowContext: FlowContext;
  /** With a browser, as the connection or the person's setting says. */
  readonly interactive: Flow<InteractiveConnection>;
  /** As `interactive`, but without one where the connection exchanges another account's token. */
  readonly withExchange: (interactive: Flow<InteractiveConnection>) => Flow<Connection>;
}

export function createGrants({ isLoopbackReachable, registrations, ...parts }: GrantsParts): Grants {
  const flowContext = { ...parts, registrations, oidcClient: oidcClients(parts) };
  const deviceCode = deviceCodeFlow(flowContext);
  const flows = {
    deviceCode,
    authorizationCode: switchableFlow(
      authorizationCodeFlow({ ...flowContext, localize: localized }),
      deviceCode,
    ),
  };
  const exchange = exchangeFlow(exchangeContext(parts));
  return {
    flowContext,
    interactive: (connection, ...more) =>
      flows[chooseFlow(connection, readSignInFlow(), isLoopbackReachable)](connection, ...more),
    withExchange:
      (interactive) =>
      (connection, ...more) =>
        isExchangeConnection(connection) ? exchange(connection, ...more) : interactive(connection, ...more),
  };
}

interface ClientParts {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** See {@link lazyDefaultCredentials}. */
  readonly checkAwsFiles: () => Promise<void>;
}

/** What the sessions ask of the service. */
export function createTokenService(parts: ClientParts): TokenService {
  const { fetch, clock } = parts;
  const oidcClient = oidcClients(parts);
  return {
    refresh: (connection, renewal, signal) =>
      'client' in renewal
        ? refreshTokens({ oidc: oidcClient(connection), clock }, renewal, signal)
        : renewExchange(exchangeContext(parts), renewal, signal),
    signOut: async (connection, accessToken, signal) => {
      const portal = new SsoPortalClient({ endpoint: portalEndpoint(connection), fetch });
      await portal.logout(accessToken, { signal });
    },
  };
}

/** Whether a browser that this opens can be expected to reach this machine's loopback address. */
export function isLoopbackReachable({ extensionKind }: vscode.Extension<unknown>): boolean {
  const isRemote = vscode.env.remoteName !== undefined && extensionKind === vscode.ExtensionKind.Workspace;
  return vscode.env.uiKind === vscode.UIKind.Desktop && !isRemote;
}

function exchangeContext(parts: ClientParts): ExchangeContext {
  return { oidcClient: oidcClients(parts), assertions: assertionSource, clock: parts.clock };
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
