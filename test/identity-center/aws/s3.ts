import type { ApiRequest, ApiResponse } from '../http.ts';
import { pageOf } from '../page.ts';
import { S3Error } from './errors.ts';
import type { SignatureRefusals } from './errors.ts';
import type { SignedCalls } from './signedCalls.ts';
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

/** The buckets of an account: every one has two. */
const bucketsOf = (accountId: string): readonly string[] =>
  ['assets', 'logs'].map((purpose) => `${purpose}-${accountId}`);

/** Amazon S3's ListBuckets. */
export async function listBuckets(calls: SignedCalls, request: ApiRequest): Promise<ApiResponse> {
  const { signer, region } = await calls.verify(request, 's3', refuse);
  const { query } = request;
  const page = pageOf(bucketsOf(signer.accountId), {
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

/**
 * What is asked of a bucket, by its path: HeadBucket, GetBucketLocation, ListObjects and ListObjectsV2. The account's own
 * buckets are empty, nothing can be put into them, and others are not there.
 */
export async function bucketOperation(calls: SignedCalls, request: ApiRequest): Promise<ApiResponse> {
  const { signer, region } = await calls.verify(request, 's3', refuse);
  const [, bucket = '', key = ''] = /^\/([^/]+)\/?(.*)$/.exec(request.path) ?? [];
  if (!bucketsOf(signer.accountId).includes(bucket)) {
    throw new S3Error('NoSuchBucket', 404, 'The specified bucket does not exist');
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw new S3Error('AccessDenied', 403, 'Access Denied');
  }
  if (key !== '') {
    throw new S3Error('NoSuchKey', 404, 'The specified key does not exist.');
  }
  if (request.method === 'HEAD') {
    return { status: 200, headers: { 'x-amz-bucket-region': region }, body: '' };
  }
  const { query } = request;
  if (query.has('location')) {
    return xml(200, element('LocationConstraint', region, NAMESPACE));
  }
  const empty = { Name: bucket, Prefix: query.get('prefix') ?? '', MaxKeys: '1000', IsTruncated: 'false' };
  return xml(200, element('ListBucketResult', { ...empty, KeyCount: '0' }, NAMESPACE));
}
