import * as vscode from 'vscode';

import type { AwsSsoExports } from '../api/aws-sso-auth.d.ts';
import { OnDemand } from './common/onDemand.ts';
import {
  AwsSsoAuthenticationProvider,
  PROVIDER_ID,
  PROVIDER_LABEL,
} from './provider/authenticationProvider.ts';
import type { Services } from './services/services.ts';
import { registerCommands } from './ui/commands/commandPalette.ts';
import { registerRoles } from './ui/roles/registerRoles.ts';

/** VS Code calls {@link deactivate} without a reference to what {@link activate} began. */
let running: OnDemand<Services> | undefined;

/** Registers synchronously, and loads the services after that. */
export function activate(context: vscode.ExtensionContext): AwsSsoExports {
  // What an extension host that was killed has left: access that has ended with it.
  context.environmentVariableCollection.persistent = false;
  context.environmentVariableCollection.clear();
  const services = new OnDemand(async (): Promise<Services> => {
    const { startServices } = await import('./services/services.ts');
    return startServices(context, (change, added) => provider.announce(change, added));
  });
  running = services;
  const provider = new AwsSsoAuthenticationProvider(() => services.get());
  context.subscriptions.push(
    vscode.authentication.registerAuthenticationProvider(PROVIDER_ID, PROVIDER_LABEL, provider, {
      supportsMultipleAccounts: true,
    }),
    provider,
    registerCommands(async () => {
      const { ready, commands } = await services.get();
      await ready;
      return commands();
    }),
    registerRoles(async () => {
      const { ready, roles } = await services.get();
      await ready;
      return roles();
    }),
  );
  services.get().catch(reportFailedStart);
  return { getApi: async (version) => (await services.get()).getApi(version) };
}

/** VS Code waits for this, for 5 seconds, and for nothing else before it ends the process. */
export async function deactivate(): Promise<void> {
  await running?.close();
}

/** There is no log of ours yet. The next request starts it again, and is rejected with the reason if that fails too. */
function reportFailedStart(error: unknown): void {
  // eslint-disable-next-line no-console
  console.error('AWS SSO could not be started:', error);
}
