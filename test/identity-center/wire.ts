import * as v from 'valibot';
import { OidcError } from './errors.ts';

const text = v.pipe(v.string(), v.nonEmpty());
const list = v.array(text);

/** RegisterClient's request. */
export const RegisterClientRequest = v.object({
  clientName: text,
  clientType: text,
  scopes: v.exactOptional(list),
  redirectUris: v.exactOptional(list),
  grantTypes: v.exactOptional(list),
  issuerUrl: v.exactOptional(text),
  entitledApplicationArn: v.exactOptional(text),
});

/** StartDeviceAuthorization's request. */
export const StartDeviceAuthorizationRequest = v.object({
  clientId: text,
  clientSecret: text,
  startUrl: text,
});

/** CreateToken's request: the members of all its grants. */
export const CreateTokenRequest = v.object({
  clientId: text,
  clientSecret: text,
  grantType: text,
  deviceCode: v.exactOptional(text),
  code: v.exactOptional(text),
  redirectUri: v.exactOptional(text),
  codeVerifier: v.exactOptional(text),
  refreshToken: v.exactOptional(text),
  scope: v.exactOptional(list),
});
export type CreateTokenRequest = v.InferOutput<typeof CreateTokenRequest>;

/** CreateTokenWithIAM's request: the members of all its grants. */
export const CreateTokenWithIAMRequest = v.object({
  clientId: text,
  grantType: text,
  code: v.exactOptional(text),
  redirectUri: v.exactOptional(text),
  codeVerifier: v.exactOptional(text),
  refreshToken: v.exactOptional(text),
  assertion: v.exactOptional(text),
  subjectToken: v.exactOptional(text),
  subjectTokenType: v.exactOptional(text),
  requestedTokenType: v.exactOptional(text),
  scope: v.exactOptional(list),
});
export type CreateTokenWithIAMRequest = v.InferOutput<typeof CreateTokenWithIAMRequest>;

/** The engine's answers (RFC 7591 section 3.2.1, RFC 8628 section 3.2, RFC 6749 section 5.1). */
export const Registration = v.object({
  client_id: v.string(),
  client_secret: v.string(),
  client_id_issued_at: v.number(),
});
export const DeviceAuthorization = v.object({
  device_code: v.string(),
  user_code: v.string(),
  expires_in: v.number(),
});
export const Tokens = v.object({
  access_token: v.string(),
  token_type: v.string(),
  expires_in: v.number(),
  refresh_token: v.exactOptional(v.string()),
  id_token: v.exactOptional(v.string()),
  scope: v.exactOptional(v.string()),
});

/** A request's JSON body as `schema` describes it. @throws OidcError `invalid_request` naming the first problem */
export function parseBody<S extends v.GenericSchema>(schema: S, body: string): v.InferOutput<S> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new OidcError('invalid_request', 'The body is not JSON.');
  }
  const result = v.safeParse(schema, value);
  if (!result.success) {
    const [issue] = result.issues;
    throw new OidcError('invalid_request', `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`);
  }
  return result.output;
}

/** A CreateToken request as the form of RFC 6749 section 4.1.3 and its siblings. */
export function tokenForm(request: CreateTokenRequest): Record<string, string> {
  return withoutUndefined({
    client_id: request.clientId,
    client_secret: request.clientSecret,
    grant_type: request.grantType,
    device_code: request.deviceCode,
    code: request.code,
    redirect_uri: request.redirectUri,
    code_verifier: request.codeVerifier,
    refresh_token: request.refreshToken,
    scope: request.scope?.join(' '),
  });
}

/** A CreateTokenWithIAM request as the form of RFC 7523 section 2.1, RFC 8693 section 2.1 and their siblings. */
export function iamTokenForm(
  request: CreateTokenWithIAMRequest,
  scope: readonly string[],
  secret: string,
): Record<string, string> {
  return withoutUndefined({
    client_id: request.clientId,
    client_secret: secret,
    grant_type: request.grantType,
    code: request.code,
    redirect_uri: request.redirectUri,
    code_verifier: request.codeVerifier,
    refresh_token: request.refreshToken,
    assertion: request.assertion,
    subject_token: request.subjectToken,
    subject_token_type: request.subjectTokenType,
    requested_token_type: request.requestedTokenType,
    // A code and a refresh token have their scopes already.
    scope: request.code === undefined && request.refreshToken === undefined ? scope.join(' ') : undefined,
  });
}

function withoutUndefined(members: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
