import type { ApiRequest, ApiResponse } from '../http.ts';
import { StsError } from './errors.ts';
import type { SignatureRefusals } from './errors.ts';
import type { SignedCalls } from './signedCalls.ts';
import type { SignatureProblem } from './verifySignature.ts';
import { element, xml } from './xml.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

const INVALID_TOKEN = [
  'InvalidClientTokenId',
  403,
  'The security token included in the request is invalid.',
] as const;
const REFUSALS: SignatureRefusals = {
  missing: ['MissingAuthenticationToken', 403, 'Request is missing Authentication Token'],
  malformed: ['IncompleteSignature', 400, 'The Authorization header is not a signature.'],
  unknownKey: INVALID_TOKEN,
  wrongToken: INVALID_TOKEN,
  expired: ['ExpiredToken', 403, 'The security token included in the request is expired'],
  wrongScope: ['SignatureDoesNotMatch', 403, 'Credential should be scoped to correct service.'],
  skewed: ['SignatureDoesNotMatch', 403, 'Signature expired.'],
  mismatch: [
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided.',
  ],
};

const refuse = (problem: SignatureProblem): Error => new StsError(...REFUSALS[problem]);

/** AWS STS (query protocol, 2011-06-15), as far as GetCallerIdentity: says whose credentials a request is signed with. */
export async function sts(calls: SignedCalls, request: ApiRequest, requestId: string): Promise<ApiResponse> {
  const { signer } = await calls.verify(request, 'sts', refuse);
  const form = request.method === 'POST' ? new URLSearchParams(request.body) : request.query;
  const action = form.get('Action') ?? '';
  if (action !== 'GetCallerIdentity') {
    throw new StsError('InvalidAction', 400, `Could not find operation ${action} for version 2011-06-15`);
  }
  const { arn, userId, accountId } = signer;
  return xml(
    200,
    element(
      'GetCallerIdentityResponse',
      [
        element('GetCallerIdentityResult', { Arn: arn, UserId: userId, Account: accountId }),
        element('ResponseMetadata', { RequestId: requestId }),
      ],
      NAMESPACE,
    ),
  );
}
