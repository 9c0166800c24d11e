import type { AwsConfigConnection } from '../connections/awsConfig/awsConfig.ts';
import type { InteractiveConnection } from '../connections/connection.ts';
import { isSameIdentityCenter } from '../connections/identityCenter.ts';
import { parseScopes } from '../sessions/scopes.ts';
import type { CliProfile } from './cliFiles.ts';

/**
 * How the AWS CLI signs in to `connection`, from what its configuration has. It keeps the token of an Identity Center
 * it does not know by the start URL.
 * @param endpointUrl what the environment replaces AWS's own endpoint by for the AWS CLI, if anything
 * @returns `undefined` for a connection whose endpoint the AWS CLI does not use: by the same start URL it would reach
 * another service, and neither may have the other's token
 */
export function cliProfileOf(
  configured: readonly AwsConfigConnection[],
  endpointUrl: string | undefined,
  connection: InteractiveConnection,
): CliProfile | undefined {
  const found = configured.find((known) => isSameIdentityCenter(known.connection, connection));
  if (found !== undefined) {
    return { cacheKey: found.cliCacheKey, scopes: parseScopes(found.connection.scopes ?? []).wire };
  }
  const { endpointUrl: _own, ...place } = connection;
  const asCli = { ...place, ...(endpointUrl !== undefined && { endpointUrl }) };
  const isTaken = configured.some((known) => known.cliCacheKey === connection.startUrl);
  return isSameIdentityCenter(asCli, connection) && !isTaken
    ? { cacheKey: connection.startUrl, scopes: parseScopes([]).wire }
    : undefined;
}
