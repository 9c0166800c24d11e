import type { Clock } from '../../../src/common/clock.ts';
import type { Operation } from '../http.ts';
import type { RoleSessions } from '../portal/roleSessions.ts';
import { listBuckets } from './s3.ts';
import { sts } from './sts.ts';

/**
 * The services that a role's credentials can be tried with, by method and path. They have a host each at AWS; here a
 * tool that is told one endpoint for all of them (`AWS_ENDPOINT_URL`) finds each by the form of its request.
 */
export function awsOperations(parts: {
  readonly sessions: RoleSessions;
  readonly clock: Clock;
}): Readonly<Record<string, Operation>> {
  return {
    'POST /': (request, requestId) => sts(parts, request, requestId),
    'GET /': (request, requestId) =>
      request.query.has('Action') ? sts(parts, request, requestId) : listBuckets(parts, request),
  };
}
