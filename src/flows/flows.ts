import { isExchangeConnection } from '../connections/connection.ts';
import type { Connection, InteractiveConnection } from '../connections/connection.ts';
import { INTERACTIVE_FLOWS } from '../connections/flowNames.ts';
import type { InteractiveFlow } from '../connections/flowNames.ts';
import { authorizationCodeFlow } from './authorizationCode/authorizationCode.ts';
import type { AuthorizationCodeContext } from './authorizationCode/authorizationCode.ts';
import { switchableFlow } from './browserFlow.ts';
import { deviceCodeFlow } from './deviceCode/deviceCode.ts';
import { exchangeFlow } from './exchange.ts';
import type { ExchangeContext } from './exchange.ts';
import type { Flow } from './flow.ts';

interface InteractiveFlowEntry {
  /** Whether the browser has to reach this machine's loopback address. */
  readonly needsLoopback: boolean;
  readonly create: (context: AuthorizationCodeContext) => Flow<InteractiveConnection>;
}

/**
 * Every way to sign in with a browser. A new one is a file of its own, its name in `flowNames.ts`, and a line here. The
 * exchanges have their table in `exchange.ts`.
 */
const INTERACTIVE: Readonly<Record<InteractiveFlow, InteractiveFlowEntry>> = {
  deviceCode: { needsLoopback: false, create: deviceCodeFlow },
  authorizationCode: {
    needsLoopback: true,
    create: (context) => switchableFlow(authorizationCodeFlow(context), deviceCodeFlow(context)),
  },
};

/** The flow for a connection: its own, else the one the user prefers, else the first that works from here. */
export function chooseFlow(
  { flow }: InteractiveConnection,
  preferred: InteractiveFlow,
  isLoopbackReachable: boolean,
): InteractiveFlow {
  const works = (name: InteractiveFlow): boolean => isLoopbackReachable || !INTERACTIVE[name].needsLoopback;
  return flow ?? [preferred, ...INTERACTIVE_FLOWS].find(works) ?? preferred;
}

interface SignInFlowParts {
  readonly interactive: AuthorizationCodeContext;
  readonly exchange: ExchangeContext;
  /** The flow for connections that name none. */
  readonly preferred: () => InteractiveFlow;
  /** Whether a browser that opens can be expected on the machine this runs on. */
  readonly isLoopbackReachable: boolean;
  /** Takes a sign-in that another tool has, where there is one, in the place of a new one. */
  readonly shared: (flow: Flow<InteractiveConnection>) => Flow<InteractiveConnection>;
}

/** All flows as one. From the outside in: exchange or browser; another tool's sign-in or a new one; the flow by its name. */
export function signInFlow(parts: SignInFlowParts): Flow<Connection> {
  const { interactive, preferred, isLoopbackReachable } = parts;
  const exchanged = exchangeFlow(parts.exchange);
  const signedIn = parts.shared((connection, ...request) => {
    const name = chooseFlow(connection, preferred(), isLoopbackReachable);
    return INTERACTIVE[name].create(interactive)(connection, ...request);
  });
  return (connection, ...request) =>
    isExchangeConnection(connection) ? exchanged(connection, ...request) : signedIn(connection, ...request);
}
