import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import type { Clock } from '../../../src/common/clock.ts';
import type { ApiRequest } from '../http.ts';

/** Long-term or temporary credentials of a principal that may sign. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Who signs. */
export interface Principal {
  readonly credentials: Credentials;
  /** When the credentials end, in milliseconds since the Unix epoch. Absent: never. */
  readonly expiration?: number;
}

/** What can be wrong with a signature. */
export type SignatureProblem =
  'missing' | 'malformed' | 'unknownKey' | 'wrongToken' | 'expired' | 'wrongScope' | 'skewed' | 'mismatch';

/** What signatures are checked against. */
export interface SignatureCheck<Signer extends Principal> {
  /** The service that a signature must be made for, by its signing name. */
  readonly service: string;
  readonly clock: Clock;
  readonly find: (accessKeyId: string) => Signer | undefined;
  /** The refusal of it in the service's own words, to be thrown. */
  readonly refuse: (problem: SignatureProblem) => Error;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([\da-f]{64})$/;

/** How far a signature's time may be from the server's. */
const TOLERANCE_MS = 5 * 60_000;

/**
 * Checks a request's AWS Signature Version 4 by making the signature again, with a library that no client under
 * test uses. Returns who made it, and the region it was made for.
 * @throws what `refuse` gives
 */
export async function verifySignature<Signer extends Principal>(
  request: ApiRequest,
  { service, clock, find, refuse }: SignatureCheck<Signer>,
): Promise<{ readonly signer: Signer; readonly region: string }> {
  const { headers, body } = request;
  if (headers.authorization === undefined) {
    throw refuse('missing');
  }
  const parts = AUTHORIZATION.exec(headers.authorization);
  if (parts === null) {
    throw refuse('malformed');
  }
  const [, accessKeyId = '', day, region = '', signedService, signedHeaders = ''] = parts;
  const signer = find(accessKeyId);
  if (signer === undefined) {
    throw refuse('unknownKey');
  }
  const { credentials, expiration = Infinity } = signer;
  if (headers['x-amz-security-token'] !== credentials.sessionToken) {
    throw refuse('wrongToken');
  }
  if (clock.now() >= expiration) {
    throw refuse('expired');
  }
  const datetime = String(headers['x-amz-date']);
  if (signedService !== service || !datetime.startsWith(`${day}T`)) {
    throw refuse('wrongScope');
  }
  if (Math.abs(timeOf(datetime) - clock.now()) > TOLERANCE_MS) {
    throw refuse('skewed');
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
    throw refuse('mismatch');
  }
  return { signer, region };
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
