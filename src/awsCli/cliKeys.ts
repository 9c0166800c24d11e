import type { AwsConfigConnection, CliKey } from '../connections/awsConfig/awsConfig.ts';
import type { InteractiveConnection } from '../connections/connection.ts';
import { isBehind, isSameIdentityCenter } from '../connections/identityCenter.ts';
import { DEFAULT_SCOPE } from '../connections/scopeToken.ts';

/**
 * Where AWS's tools look for the token of `connection`, from what the AWS CLI's files have. They keep the token of an
 * Identity Center that is not there by the start URL.
 * @param endpointUrl what the environment replaces AWS's own endpoint by for the AWS CLI, if anything
 * @returns nothing for a connection whose endpoint the AWS CLI does not use: by the same start URL it would reach
 * another service, and neither may have the other's token
 */
export function cliKeysOf(
  configured: readonly AwsConfigConnection[],
  endpointUrl: string | undefined,
  connection: InteractiveConnection,
): readonly CliKey[] {
  const found = configured.find(
    (known) => isSameIdentityCenter(known.connection, connection) || isBehind(connection, known.connection),
  );
  if (found !== undefined) {
    return found.cliKeys;
  }
  const { startUrl, endpointUrl: _own, ...place } = connection;
  const asCli = { ...place, startUrl, ...(endpointUrl !== undefined && { endpointUrl }) };
  const isTaken = configured.some(({ cliKeys }) => cliKeys.some(({ cacheKey }) => cacheKey === startUrl));
  return isSameIdentityCenter(asCli, connection) && !isTaken
    ? [{ cacheKey: startUrl, startUrl, scopes: [DEFAULT_SCOPE] }]
    : [];
}
