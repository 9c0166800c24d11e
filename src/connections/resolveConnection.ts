import type { InteractiveConnection } from './connection.ts';
import { isOwnedHost } from './startUrl/hosts.ts';
import { normalizeStartUrl } from './startUrl/startUrl.ts';
import { regionFromStartUrl } from './startUrl/portalUrl.ts';

/**
 * The connection with the portal behind the company's own domain that it is configured by, and the region that the
 * portal's page names, as the AWS CLI finds them at each sign-in. Where an endpoint URL replaces AWS's hosts, the
 * start URL is left as it is.
 * @param resolve see `resolveStartUrl`
 * @throws StartUrlError
 */
export async function resolveConnection(
  connection: InteractiveConnection,
  resolve: (startUrl: string) => Promise<string>,
): Promise<InteractiveConnection> {
  const isAtAws = connection.endpointUrl === undefined;
  const domain = isAtAws ? ownDomain(connection.configuredStartUrl ?? connection.startUrl) : undefined;
  if (domain === undefined) {
    return connection;
  }
  const startUrl = await resolve(domain);
  const region = regionFromStartUrl(startUrl) ?? connection.region;
  return { ...connection, startUrl, region, configuredStartUrl: domain };
}

/** A start URL that is neither AWS's nor on loopback, normalized. */
export function ownDomain(startUrl: string | undefined): string | undefined {
  const result = normalizeStartUrl(startUrl ?? '');
  return result.ok && !isOwnedHost(new URL(result.startUrl).hostname) ? result.startUrl : undefined;
}
