import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../src/common/clock.ts';
import { delay } from '../../src/common/clock.ts';
import type { Random } from '../../src/common/random.ts';
import { ApiError, OidcError } from './errors.ts';
import type { Fault, Faults } from './faults.ts';
import type { ApiRequest, ApiResponse, Operation } from './http.ts';
import { json, readRequest } from './http.ts';
import type { IssuedSecrets } from './issuedSecrets.ts';
import type { RequestLog, RequestRecord, RequestSummary } from './requestLog.ts';

/** What the JSON API stands on. */
export interface ApiParts {
  readonly operations: Readonly<Record<string, Operation>>;
  /** What takes a request that none of them is for. */
  readonly otherwise: (request: ApiRequest) => Operation | undefined;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly issued: IssuedSecrets;
  readonly clock: Clock;
  readonly random: Random;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
}

const ASKED_FOR = 'This failure was asked for.';

/** Answers one request to the JSON API, or lets go wrong what was planned to, and logs it. */
export async function answerApi(
  parts: ApiParts,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await readRequest(message);
  const summary = summarize(request);
  const requestId = parts.random.uuid();
  const fault = parts.faults.take(summary);
  const answer = await outcome(parts, request, requestId, fault);
  const record = {
    ...summary,
    time: parts.clock.now(),
    requestId,
    ...(fault === undefined ? {} : { fault: fault.kind }),
  };
  if (answer === 'hang') {
    parts.requests.add(record);
  } else if (answer === 'drop') {
    response.destroy();
    parts.requests.add(record);
  } else {
    const skewMs = fault?.kind === 'clockSkew' ? fault.skewMs : 0;
    response.writeHead(answer.status, {
      ...answer.headers,
      'x-amzn-requestid': requestId,
      date: new Date(parts.clock.now() + skewMs).toUTCString(),
    });
    response.end(answer.body);
    parts.issued.note(answer.body);
    parts.requests.add(answered(record, answer));
  }
}

async function outcome(
  parts: ApiParts,
  request: ApiRequest,
  requestId: string,
  fault: Fault | undefined,
): Promise<ApiResponse | 'drop' | 'hang'> {
  switch (fault?.kind) {
    case 'exception':
      return json(
        fault.status,
        fault.error === undefined
          ? { message: ASKED_FOR }
          : { error: fault.error, error_description: ASKED_FOR, reason: fault.reason },
        { 'x-amzn-errortype': fault.exception, ...fault.headers },
      );
    case 'frontDoor':
      return json(fault.status, fault.body, fault.headers);
    case 'oddMembers':
      return withMembers(await operate(parts, request, requestId), fault.members);
    case 'html':
      return {
        status: fault.status,
        headers: { 'content-type': 'text/html', ...fault.headers },
        body: `<html><body><h1>${fault.status} from a gateway</h1></body></html>`,
      };
    case 'dropBefore':
      return 'drop';
    case 'dropAfter':
      await operate(parts, request, requestId);
      return 'drop';
    case 'hang':
      return 'hang';
    case 'delay':
      await delay(parts.clock, fault.delayMs, parts.closing);
      break;
    case 'clockSkew':
    case undefined:
      break;
  }
  return operate(parts, request, requestId);
}

function withMembers(answer: ApiResponse, members: Readonly<Record<string, unknown>>): ApiResponse {
  const body = JSON.stringify({ ...(JSON.parse(answer.body) as object), ...members });
  return { ...answer, body };
}

async function operate(
  { operations, otherwise }: ApiParts,
  request: ApiRequest,
  requestId: string,
): Promise<ApiResponse> {
  const operation = operations[`${request.method} ${request.path}`] ?? otherwise(request);
  if (operation === undefined) {
    return json(404, {}, { 'x-amzn-errortype': 'UnknownOperationException' });
  }
  try {
    return await operation(request, requestId);
  } catch (error) {
    if (error instanceof ApiError) {
      return error.toResponse(requestId);
    }
    console.error(`The embedded Identity Center failed at ${request.method} ${request.path}:`, error);
    return new OidcError('server_error', String(error)).toResponse();
  }
}

function answered(record: RequestRecord, { status, headers }: ApiResponse): RequestRecord {
  const exception = headers['x-amzn-errortype']?.split(':')[0];
  return { ...record, status, ...(exception === undefined ? {} : { exception }) };
}

function summarize({ method, path, body }: ApiRequest): RequestSummary {
  const grantType = /"grantType"\s*:\s*"([^"]*)"/.exec(body)?.[1];
  return grantType === undefined ? { method, path } : { method, path, grantType };
}
