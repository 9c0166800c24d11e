import type { Clock } from '../../../src/common/clock.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import { pageOf } from '../page.ts';
import type { RoleSessions } from '../portal/roleSessions.ts';
import { S3Error } from './errors.ts';
import type { SignatureRefusals } from './errors.ts';
import { verifySignature } from './verifySignature.ts';
import type { SignatureProblem } from './verifySignature.ts';
import { element, xml } from './xml.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const LARGEST_PAGE = 10_000;
const CREATED = '2026-01-01T00:00:00.000Z';

const REFUSALS: SignatureRefusals = {
  missing: ['AccessDenied', 403, 'Access Denied'],
  malformed: ['AuthorizationHeaderMalformed', 400, 'The authorization header is malformed.'],
  unknownKey: [
    'InvalidAccessKeyId',
    403,
    'The AWS Access Key Id you provided does not exist in our records.',
  ],
  wrongToken: ['InvalidToken', 400, 'The provided token is malformed or otherwise invalid.'],
  expired: ['ExpiredToken', 400, 'The provided token has expired.'],
  wrongScope: [
    'AuthorizationHeaderMalformed',
    400,
    'The authorization header is malformed; the service is wrong.',
  ],
  skewed: [
    'RequestTimeTooSkewed',
    403,
    'The difference between the request time and the current time is too large.',
  ],
  mismatch: [
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided.',
  ],
};

const refuse = (problem: SignatureProblem): Error => new S3Error(...REFUSALS[problem]);

/** Amazon S3's ListBuckets: every account has two. */
export async function listBuckets(
  { sessions, clock }: { readonly sessions: RoleSessions; readonly clock: Clock },
  request: ApiRequest,
): Promise<ApiResponse> {
  const check = { service: 's3', clock, find: (id: string) => sessions.find(id), refuse };
  const { signer, region } = await verifySignature(request, check);
  const names = ['assets', 'logs'].map((purpose) => `${purpose}-${signer.accountId}`);
  const { query } = request;
  const page = pageOf(names, {
    list: 'buckets',
    size: Number(query.get('max-buckets') ?? LARGEST_PAGE),
    largest: LARGEST_PAGE,
    token: query.get('continuation-token'),
  });
  if (page === undefined) {
    throw new S3Error('InvalidArgument', 400, 'max-buckets or continuation-token is not valid.');
  }
  const buckets = page.items.map((Name) =>
    element('Bucket', { Name, CreationDate: CREATED, BucketRegion: region }),
  );
  const next = page.nextToken === undefined ? [] : [element('ContinuationToken', page.nextToken)];
  return xml(
    200,
    element(
      'ListAllMyBucketsResult',
      [element('Owner', { ID: signer.accountId }), element('Buckets', buckets), ...next],
      NAMESPACE,
    ),
  );
}
