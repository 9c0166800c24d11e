import type { AwsConfigConnection } from '../connections/awsConfig.ts';
import type { InteractiveConnection } from '../connections/connection.ts';
import { isSameIdentityCenter } from '../connections/identityCenter.ts';
import { parseScopes } from '../sessions/scopes.ts';
import type { CliProfile } from './cliSharing.ts';

/**
 * How the AWS CLI signs in to `connection`, from what its configuration has. It keeps the token of an Identity Center
 * it does not know by the start URL.
 * @returns `undefined` for a connection whose endpoint the AWS CLI does not use: by the same start URL it would reach
 * another service, and neither may have the other's token
 */
export function cliProfileOf(
  configured: readonly AwsConfigConnection[],
  connection: InteractiveConnection,
): CliProfile | undefined {
  const found = configured.find((known) => isSameIdentityCenter(known.connection, connection));
  if (found === undefined && connection.endpointUrl !== undefined) {
    return undefined;
  }
  return {
    cacheKey: found?.cliCacheKey ?? connection.startUrl,
    scopes: parseScopes(found?.connection.scopes ?? []).wire,
  };
}
