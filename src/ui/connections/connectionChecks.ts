import * as vscode from 'vscode';

import { isOwnedHost } from '../../connections/startUrl/hosts.ts';
import { readPortalRegion } from '../../connections/startUrl/portalPage.ts';
import { resolveStartUrl } from '../../connections/startUrl/resolveStartUrl.ts';
import { authorize } from '../../flows/deviceCode/deviceCode.ts';
import type { FlowContext } from '../../flows/flow.ts';
import type { NewChecks } from './newConnections.ts';
import { withCancellableProgress } from '../progress.ts';

/**
 * Checks a new connection with the services themselves, and shows that it does. The client it registers is the one
 * that the sign-in will use.
 */
export function connectionChecks(context: FlowContext, fetch: typeof globalThis.fetch): NewChecks {
  const { l10n } = vscode;
  return (scopes, outer) => ({
    resolve: (startUrl) => {
      const { hostname, host } = new URL(startUrl);
      return isOwnedHost(hostname)
        ? Promise.resolve(startUrl)
        : withCancellableProgress(
            l10n.t('Looking for the AWS access portal at {0}…', host),
            outer,
            (signal) => resolveStartUrl(startUrl, { fetch, clock: context.clock, signal }),
          );
    },
    portalRegion: (startUrl) =>
      withCancellableProgress(
        l10n.t('Looking for the AWS access portal at {0}…', new URL(startUrl).host),
        outer,
        (signal) => readPortalRegion(startUrl, { fetch, clock: context.clock, signal }),
      ),
    reach: (connection) =>
      withCancellableProgress(
        l10n.t('Checking {0} in {1}…', connection.name, connection.region),
        outer,
        async (signal) => {
          await authorize(context, connection, scopes, signal);
        },
      ),
  });
}
