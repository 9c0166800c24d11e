import type { Clock } from '../../src/common/clock.ts';
import type { Random } from '../../src/common/random.ts';
import { ENGINE_PATHS } from './engine.ts';
import type { EngineClient } from './engineClient.ts';
import { IamError, OidcError, RegionError } from './errors.ts';
import type { IamException } from './errors.ts';
import { TOKEN_TYPES } from './grants.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import { json } from './http.ts';
import { verifySignature } from './aws/verifySignature.ts';
import type { Credentials, SignatureProblem } from './aws/verifySignature.ts';
import { CreateTokenWithIAMRequest, iamTokenForm, parseBody, Tokens } from './wire.ts';

/** An Identity Center application, as an administrator creates it. */
export interface Application {
  readonly arn: string;
  /** The engine's name for what AWS replaces by a signature. */
  readonly secret: string;
  /** The grant types that the administrator allows. */
  readonly grantTypes: readonly string[];
  readonly scopes: readonly string[];
}

/** What CreateTokenWithIAM stands on. */
export interface IamApiParts {
  readonly application: Application;
  /** Whose signature is accepted. */
  readonly credentials: Credentials;
  readonly region: string;
  /** Origin of the JSON API. */
  readonly apiUrl: string;
  readonly engineClient: EngineClient;
  readonly clock: Clock;
  readonly random: Random;
}

/** CreateTokenWithIAM: the signature is checked here, and what it allows to ask for by the engine. */
export async function createTokenWithIAM(parts: IamApiParts, request: ApiRequest): Promise<ApiResponse> {
  const { application, region, apiUrl } = parts;
  if ((await signedFor(parts, request)) !== region) {
    throw new RegionError(apiUrl, region);
  }
  const asked = parseBody(CreateTokenWithIAMRequest, request.body);
  requireAllowed(application, asked);
  // Without `openid` the engine gives no ID token, and this operation always does.
  const scope = [...new Set([...(asked.scope ?? application.scopes), 'openid'])];
  const form = iamTokenForm(asked, scope, application.secret);
  const tokens = await parts.engineClient.postForm(ENGINE_PATHS.token, form, Tokens);
  const granted = tokens.scope?.split(' ') ?? [];
  return json(200, {
    accessToken: tokens.access_token,
    tokenType: tokens.token_type,
    expiresIn: tokens.expires_in,
    refreshToken: tokens.refresh_token,
    idToken: tokens.id_token,
    issuedTokenType: asked.requestedTokenType ?? TOKEN_TYPES.accessToken,
    scope: granted,
    awsAdditionalDetails: granted.includes('sts:identity_context')
      ? { identityContext: Buffer.from(parts.random.bytes(96)).toString('base64') }
      : undefined,
  });
}

const INVALID_TOKEN = ['UnrecognizedClientException', 'The security token included is invalid.'] as const;

/** How AWS's front door refuses a signature. */
const REFUSALS: Readonly<Record<SignatureProblem, readonly [exception: IamException, message: string]>> = {
  missing: ['MissingAuthenticationTokenException', 'Missing Authentication Token'],
  malformed: ['IncompleteSignatureException', 'The Authorization header is not a signature.'],
  unknownKey: INVALID_TOKEN,
  wrongToken: INVALID_TOKEN,
  expired: ['ExpiredTokenException', 'The security token included in the request is expired'],
  wrongScope: ['InvalidSignatureException', 'The credential should be scoped to the correct service.'],
  skewed: ['InvalidSignatureException', 'Signature expired.'],
  mismatch: [
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided.',
  ],
};

/** The region that the request is signed for. @throws IamError */
async function signedFor({ credentials, clock }: IamApiParts, request: ApiRequest): Promise<string> {
  const { region } = await verifySignature(request, {
    service: 'sso-oauth',
    clock,
    find: (id) => (id === credentials.accessKeyId ? { credentials } : undefined),
    refuse: (problem) => new IamError(...REFUSALS[problem]),
  });
  return region;
}

function requireAllowed(application: Application, asked: CreateTokenWithIAMRequest): void {
  if (asked.clientId !== application.arn) {
    throw new OidcError('invalid_client', 'There is no such application.');
  }
  if (!application.grantTypes.includes(asked.grantType)) {
    throw new OidcError('unauthorized_client', 'The application does not allow this grant type.');
  }
  const unknown = asked.scope?.find((scope) => !application.scopes.includes(scope));
  if (unknown !== undefined) {
    throw new OidcError('invalid_scope', `The application does not have the scope ${unknown}.`);
  }
  const { subjectTokenType } = asked;
  if (subjectTokenType !== undefined && subjectTokenType !== TOKEN_TYPES.accessToken) {
    throw new OidcError('invalid_request', 'The subject token must be an access token.');
  }
}
