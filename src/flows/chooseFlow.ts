import type { InteractiveConnection } from '../connections/connection.ts';

/** The two ways to sign in with a browser. */
export type InteractiveFlow = NonNullable<InteractiveConnection['flow']>;

/**
 * The flow for a connection: its own, else the one the person prefers, else, where no browser can be expected to
 * reach this machine's loopback address, the device code, which needs none.
 */
export function chooseFlow(
  { flow }: InteractiveConnection,
  preferred: InteractiveFlow,
  isLoopbackReachable: boolean,
): InteractiveFlow {
  return flow ?? (isLoopbackReachable ? preferred : 'deviceCode');
}
