import type { InteractiveConnection } from '../connections/connection.ts';
import type { BrowserPrompt, Flow } from './flow.ts';

/** A browser sign-in that the user may turn into a device code sign-in while it waits: where the browser cannot get back. */
export function switchableFlow(
  browser: Flow<InteractiveConnection>,
  deviceCode: Flow<InteractiveConnection>,
): Flow<InteractiveConnection> {
  return async (connection, scopes, interaction, signal) => {
    const switched = new AbortController();
    const switchable = {
      ...interaction,
      showBrowserSignIn: (prompt: BrowserPrompt) =>
        interaction.showBrowserSignIn({
          ...prompt,
          useDeviceCode: () => switched.abort(new Error('switched to a device code')),
        }),
    };
    try {
      return await browser(connection, scopes, switchable, AbortSignal.any([signal, switched.signal]));
    } catch (error) {
      if (error !== switched.signal.reason) {
        throw error;
      }
      return deviceCode(connection, scopes, interaction, signal);
    }
  };
}
