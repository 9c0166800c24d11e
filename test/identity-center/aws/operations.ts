import type { ApiRequest, ApiResponse, Operation } from '../http.ts';
import { Ec2Error } from './errors.ts';
import { bucketOperation, listBuckets } from './s3.ts';
import type { SignedCalls } from './signedCalls.ts';
import { sts } from './sts.ts';
import type { SignatureProblem } from './verifySignature.ts';

/**
 * The services that a role's credentials can be tried with, by method and path. They have a host each at AWS; here a
 * tool that is told one endpoint for all of them (`AWS_ENDPOINT_URL`) finds each by the form of its request.
 */
export function awsOperations(calls: SignedCalls): Readonly<Record<string, Operation>> {
  return {
    'POST /': (request, requestId) =>
      ['sts', undefined].includes(signedService(request))
        ? sts(calls, request, requestId)
        : anyService(calls, request),
    'GET /': (request, requestId) =>
      request.query.has('Action') ? sts(calls, request, requestId) : listBuckets(calls, request),
  };
}

/** Whatever else is signed: S3's buckets, and services of which there is no more than their check of the signature. */
export function otherAwsOperation(calls: SignedCalls): (request: ApiRequest) => Operation | undefined {
  return (request) => {
    const service = signedService(request);
    if (service === undefined) {
      return undefined;
    }
    return service === 's3'
      ? (signed) => bucketOperation(calls, signed)
      : (signed) => anyService(calls, signed);
  };
}

/** The service that a request says it is signed for. */
function signedService({ headers: { authorization = '' } }: ApiRequest): string | undefined {
  return /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(authorization)?.[1];
}

const authFailure = (problem: SignatureProblem): Error => new Ec2Error('AuthFailure', 401, problem);

/** Says no to who may ask: it is allowed nothing here. @throws Ec2Error in the form of Amazon EC2, always */
async function anyService(calls: SignedCalls, request: ApiRequest): Promise<ApiResponse> {
  const { signer } = await calls.verify(request, signedService(request) ?? '', authFailure);
  throw new Ec2Error('UnauthorizedOperation', 403, `${signer.arn} is not authorized to do that.`);
}
