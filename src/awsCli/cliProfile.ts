import type { AwsConfigConnection } from '../connections/awsConfig/awsConfig.ts';
import type { Connection, InteractiveConnection } from '../connections/connection.ts';
import { isSameIdentityCenter } from '../connections/identityCenter.ts';
import { parseScopes } from '../sessions/scopes.ts';
import type { CliProfile } from './cliFiles.ts';

/**
 * How the AWS CLI signs in to `connection`, from what its configuration has. It keeps the token of an Identity Center
 * it does not know by the start URL.
 * @param endpointUrl what replaces AWS's own endpoint for the AWS CLI, if anything; see `cliEndpoint`
 * @returns `undefined` for a connection whose endpoint the AWS CLI does not use: by the same start URL it would reach
 * another service, and neither may have the other's token
 */
export function cliProfileOf(
  configured: readonly AwsConfigConnection[],
  endpointUrl: string | undefined,
  connection: InteractiveConnection,
): CliProfile | undefined {
  const asCli = (other: Connection): Connection => ({
    ...other,
    ...(endpointUrl !== undefined && { endpointUrl }),
  });
  const { endpointUrl: _own, ...place } = connection;
  if (!isSameIdentityCenter(asCli(place), connection)) {
    return undefined;
  }
  const found = configured.find((known) => isSameIdentityCenter(asCli(known.connection), connection));
  return {
    cacheKey: found?.cliCacheKey ?? connection.startUrl,
    scopes: parseScopes(found?.connection.scopes ?? []).wire,
  };
}
