import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import type { Clock } from '../../src/common/clock.ts';
import { IamError } from './errors.ts';
import type { ApiRequest } from './http.ts';

/** Long-term or temporary credentials of the one principal that may sign. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([\da-f]{64})$/;

const SERVICE = 'sso-oauth';

/** How far a signature's time may be from the server's. */
const TOLERANCE_MS = 5 * 60_000;

/**
 * Checks a request's AWS Signature Version 4 by making the signature again, with a library that no client under
 * test uses. Returns the region it was made for.
 * @throws IamError as AWS's front door does
 */
export async function verifySignature(
  request: ApiRequest,
  credentials: Credentials,
  clock: Clock,
): Promise<string> {
  const { headers, body } = request;
  if (headers.authorization === undefined) {
    throw new IamError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const parts = AUTHORIZATION.exec(headers.authorization);
  if (parts === null) {
    throw new IamError('IncompleteSignatureException', 'The Authorization header is not a signature.');
  }
  const [, accessKeyId, day, region = '', service, signedHeaders = ''] = parts;
  const { sessionToken } = credentials;
  if (accessKeyId !== credentials.accessKeyId || headers['x-amz-security-token'] !== sessionToken) {
    throw new IamError('UnrecognizedClientException', 'The security token included is invalid.');
  }
  const datetime = String(headers['x-amz-date']);
  if (service !== SERVICE || !datetime.startsWith(`${day}T`)) {
    throw new IamError(
      'InvalidSignatureException',
      'The credential should be scoped to the correct service.',
    );
  }
  if (Math.abs(timeOf(datetime) - clock.now()) > TOLERANCE_MS) {
    throw new IamError('InvalidSignatureException', `Signature expired: ${datetime}.`);
  }
  const signed = signedHeaders.split(';');
  const needed = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
  const contentHash = headers['x-amz-content-sha256'] ?? sha256(body);
  const again = await sign(request, signed, { ...credentials, service, region, datetime });
  if (
    !needed.every((name) => signed.includes(name)) ||
    contentHash !== sha256(body) ||
    again !== headers.authorization.replaceAll(', ', ',')
  ) {
    throw new IamError(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided.',
    );
  }
  return region;
}

interface SigningOptions extends Credentials {
  readonly service: string;
  readonly region: string;
  readonly datetime: string;
}

/** The Authorization header for `request`, without spaces after its commas. */
async function sign(
  { method, path, query, headers, body }: ApiRequest,
  signedHeaders: readonly string[],
  options: SigningOptions,
): Promise<string> {
  const signer = new AwsV4Signer({
    method,
    url: `http://${headers.host}${path}?${query.toString()}`,
    headers: signedHeaders
      .filter((name) => name !== 'host')
      .map((name): [string, string] => [name, String(headers[name])]),
    body,
    allHeaders: true,
    ...options,
  });
  return (await signer.authHeader()).replaceAll(', ', ',');
}

function timeOf(datetime: string): number {
  return Date.parse(datetime.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
