import type { Clock } from '../common/clock.ts';
import type { AwsCredentials, RequestSigner } from './client.ts';

/** Signs with AWS Signature Version 4, at the time of `clock`; loads what that takes with the first request. */
export function lazySigner(clock: Clock): RequestSigner {
  return async (request, scope) => (await import('./sigv4.ts')).signatureV4(clock)(request, scope);
}

/**
 * The credentials that AWS's own tools would use here; loads what finds them with the first call.
 * @param checkFiles makes sure that the AWS SDK can read its files without waiting forever; it has no limit of its own
 */
export function lazyDefaultCredentials(checkFiles: () => Promise<void>): () => Promise<AwsCredentials> {
  return async () => {
    await checkFiles();
    return (await import('./awsCredentials.ts')).defaultCredentials();
  };
}
