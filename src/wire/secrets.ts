import type { AnswerBody } from './request.ts';

/** The members of requests that are secrets, by AWS's names. */
const REQUEST_SECRETS: ReadonlySet<string> = new Set([
  'assertion',
  'clientSecret',
  'code',
  'codeVerifier',
  'deviceCode',
  'refreshToken',
  'subjectToken',
]);

/** The members of answers that are secrets, at whatever depth. An error's `code` is none. */
const ANSWER_SECRETS: ReadonlySet<string> = new Set([
  'accessToken',
  'clientSecret',
  'deviceCode',
  'idToken',
  'identityContext',
  'refreshToken',
  'secretAccessKey',
  'sessionToken',
  'userCode',
  'verificationUriComplete',
]);

/** The secrets among a request's members. */
export function secretsOfRequest(request: object): readonly string[] {
  const found: string[] = [];
  for (const [name, value] of Object.entries(request)) {
    if (typeof value === 'string' && REQUEST_SECRETS.has(name)) {
      found.push(value);
    }
  }
  return found;
}

/** The secrets in an answer's body: of JSON that breaks off, all of it. */
export function secretsOfAnswer(body: AnswerBody): readonly string[] {
  switch (body.kind) {
    case 'json':
      return secretsIn(body.value);
    case 'truncatedJson':
      return [body.text];
    default:
      return [];
  }
}

/** By hand: a function given to `JSON.parse` costs more than all the rest of reading an answer. */
function secretsIn(json: unknown): readonly string[] {
  const found: string[] = [];
  const pending = [json];
  for (const value of pending) {
    if (typeof value !== 'object' || value === null) {
      continue;
    }
    for (const [name, member] of Object.entries(value)) {
      if (typeof member !== 'string') {
        pending.push(member);
      } else if (ANSWER_SECRETS.has(name)) {
        found.push(member);
      }
    }
  }
  return found;
}
