import * as vscode from 'vscode';

import type { AwsSsoExports } from '../api/aws-sso-auth.d.ts';
import {
  AwsSsoAuthenticationProvider,
  PROVIDER_ID,
  PROVIDER_LABEL,
} from './provider/authenticationProvider.ts';
import type { Services } from './services/services.ts';
import { registerCommands } from './ui/commandPalette.ts';

/** Opens the doors at once; what is behind them is loaded after that. */
export function activate(context: vscode.ExtensionContext): AwsSsoExports {
  let starting: Promise<Services> | undefined;
  const services = (): Promise<Services> => (starting ??= start());
  const provider = new AwsSsoAuthenticationProvider(services);
  context.subscriptions.push(
    vscode.authentication.registerAuthenticationProvider(PROVIDER_ID, PROVIDER_LABEL, provider, {
      supportsMultipleAccounts: true,
    }),
    provider,
    registerCommands(async () => (await services()).commands),
  );
  void services();
  return { getApi: async (version) => (await services()).getApi(version) };

  async function start(): Promise<Services> {
    const { startServices } = await import('./services/services.ts');
    const started = await startServices(context, (change, added) => provider.announce(change, added));
    context.subscriptions.push(started);
    return started;
  }
}
