import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';

import type { Clock } from '../common/clock.ts';
import type { RequestSigner } from './client.ts';

/** Signs with AWS Signature Version 4, at the time of `clock`. Load this file when it is needed: few users need it. */
export function signatureV4(clock: Clock): RequestSigner {
  return async (request, { service, region, credentials }) => {
    const { method, url, headers, body, secrets } = request;
    const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
    const signed = await signer.sign(
      {
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: { ...headers, host: url.host },
        body,
      },
      { signingDate: new Date(clock.now()) },
    );
    // `fetch` sets the host itself, and in some editors refuses a header for it.
    const { host: _, ...sent } = signed.headers;
    const { sessionToken } = credentials;
    return {
      ...request,
      headers: sent,
      secrets: sessionToken === undefined ? secrets : [...secrets, sessionToken],
    };
  };
}
