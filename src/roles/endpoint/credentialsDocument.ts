import { wholeSeconds } from '../../common/wholeSeconds.ts';
import type { RoleCredentials, SessionRole } from '../credentials/roleCredentials.ts';

/**
 * Credentials as AWS's tools take them from a container's endpoint, and as a `credential_process` writes them: the names
 * of both, so that one answer serves all. The end is in whole seconds with `Z`, which the SDKs for JavaScript and Rust
 * insist on (AWS SDKs and Tools reference guide, "Container credential provider", "Process credential provider").
 */
export function credentialsDocument(
  { accessKeyId, secretAccessKey, sessionToken, expiration }: RoleCredentials,
  { accountId }: SessionRole,
): string {
  return JSON.stringify({
    Version: 1,
    Code: 'Success',
    AccessKeyId: accessKeyId,
    // The AWS SDK for Rust's older releases ask for it in this form.
    AccessKeyID: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
    SessionToken: sessionToken,
    Expiration: wholeSeconds(expiration),
    AccountId: accountId,
  });
}

/** A refusal in the form that the tools print; most of them show `message` or `Message`. */
export function refusalDocument(code: string, message: string): string {
  return JSON.stringify({ code, message, Code: code, Message: message });
}
