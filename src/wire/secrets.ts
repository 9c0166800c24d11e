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
  return Object.entries(request).flatMap(([name, value]) =>
    REQUEST_SECRETS.has(name) && typeof value === 'string' ? [value] : [],
  );
}

/** The secrets in an answer's body: of JSON that breaks off, all of it. */
export function secretsOfAnswer(body: string): readonly string[] {
  try {
    const found: string[] = [];
    collect(JSON.parse(body), found);
    return found;
  } catch {
    return body.trimStart().startsWith('{') ? [body] : [];
  }
}

/** By hand: a function given to `JSON.parse` costs more than all the rest of reading an answer. */
function collect(value: unknown, found: string[]): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    if (typeof member !== 'string') {
      collect(member, found);
    } else if (ANSWER_SECRETS.has(name)) {
      found.push(member);
    }
  }
}
