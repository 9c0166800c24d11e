import { defaultProvider } from '@aws-sdk/credential-provider-node';

import type { AwsCredentials } from './client.ts';

/**
 * The credentials that AWS's own tools would use here: of the environment, the profile, the instance and so on. Looked
 * up each time, so that a corrected profile is used without restarting the editor. Load this file when it is needed:
 * few users need it.
 * @throws the chain's error when there are none
 */
export async function defaultCredentials(): Promise<AwsCredentials> {
  const { accessKeyId, secretAccessKey, sessionToken } = await defaultProvider({ ignoreCache: true })();
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}
