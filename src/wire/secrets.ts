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
  const found: string[] = [];
  try {
    JSON.parse(body, (name, value: unknown) => {
      if (ANSWER_SECRETS.has(name) && typeof value === 'string') {
        found.push(value);
      }
      return value;
    });
  } catch {
    return body.trimStart().startsWith('{') ? [body] : [];
  }
  return found;
}
