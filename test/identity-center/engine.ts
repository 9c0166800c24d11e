import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';
import type { Account, ClientMetadata, Configuration, JWK, KoaContextWithOIDC } from 'oidc-provider';
import type { Random } from '../../src/common/random.ts';
import type { MemoryStore } from './adapter.ts';
import { GRANT_TYPES } from './grants.ts';
import type { Application } from './iamApi.ts';
import type { Page } from './pages.ts';
import { codePage, errorPage, PAGE_HEADERS, renderPage, resultPage } from './pages.ts';
import { SCOPES } from './scopes.ts';
import type { User } from './users.ts';

/** Where the engine serves the standard endpoints that the AWS-shaped front translates to. */
export const ENGINE_PATHS = {
  registration: '/oauth2/register',
  device_authorization: '/oauth2/device_authorization',
  token: '/oauth2/token',
  authorization: '/authorize',
  code_verification: '/device',
  jwks: '/oauth2/jwks',
} as const;

/**
 * The query parameter of the verification page that fills in the user code. Under the standard's name, `user_code`,
 * the engine would submit the code by script instead of showing it.
 */
export const PREFILL = 'prefill';

type DeviceFlow = NonNullable<NonNullable<Configuration['features']>['deviceFlow']>;

/** How long things live, in seconds. */
export interface Lifetimes {
  readonly accessTokenTtlSeconds: number;
  /** For the tokens of registrations without scopes. */
  readonly legacyAccessTokenTtlSeconds: number;
  readonly deviceCodeTtlSeconds: number;
  /** From the sign-in on; the administrator's "session length". */
  readonly sessionTtlSeconds: number;
}

const AUTHORIZATION_CODE_TTL_SECONDS = 60;
const INTERACTION_TTL_SECONDS = 600;

/**
 * The certified OpenID provider behind the front. Registration, device flow, PKCE, expiry, refresh rotation with
 * reuse detection, consent and ID tokens are its own; only lifetimes, users and the look of pages come from here.
 * @param issuer the origin of its pages
 */
export function createEngine(
  issuer: string,
  store: MemoryStore,
  users: readonly User[],
  lifetimes: Lifetimes,
  random: Random,
  application: Application,
): Provider {
  const engine = new Provider(issuer, {
    adapter: store.adapter,
    clients: [applicationClient(application)],
    routes: ENGINE_PATHS,
    jwks: { keys: [signingKey(random)] },
    // Browsers send a cookie to every port of a host, and two of these servers may share one.
    cookies: { keys: [random.uuid()], names: { session: `_session_${new URL(issuer).port}` } },
    // The engine counts whole seconds: without this, an access token would end up to a second before it says so.
    clockTolerance: 1,
    clientDefaults: {
      application_type: 'native',
      id_token_signed_response_alg: 'ES256',
      token_endpoint_auth_method: 'client_secret_post',
    },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    scopes: SCOPES,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: (_ctx, client) =>
      client.scope !== undefined && client.grantTypeAllowed(GRANT_TYPES.refreshToken),
    findAccount: (_ctx, id) => account(users.find((user) => user.id === id)),
    ttl: timesToLive(lifetimes),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    renderError: (ctx, out) => show(ctx, errorPage(out.error_description ?? out.error)),
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      registration: { enabled: true, issueRegistrationAccessToken: false },
      deviceFlow: deviceFlowPages,
    },
  });
  engine.on('server_error', (_ctx, error) => {
    console.error('The embedded Identity Center failed:', error);
  });
  return engine;
}

/** The engine's device verification, in our look and without script. */
const deviceFlowPages: DeviceFlow = {
  enabled: true,
  userCodeInputSource: (ctx, _form, out, error) =>
    show(
      ctx,
      error?.name === 'AbortedError'
        ? resultPage('denied')
        : codePage(xsrfToken(ctx), prefilledCode(ctx), out?.error_description ?? out?.error),
    ),
  // Reached only by a form that is not ours: our code page confirms by itself.
  userCodeConfirmSource: (ctx, _form, _client, _deviceInfo, userCode) =>
    show(ctx, codePage(xsrfToken(ctx), userCode)),
  successSource: (ctx) => show(ctx, resultPage('approved')),
};

/** The application as a client of the engine; its sign-ins come back to any port, as those of clients do. */
function applicationClient({ arn, secret, grantTypes, scopes }: Application): ClientMetadata {
  return {
    client_id: arn,
    client_secret: secret,
    client_name: 'The application',
    grant_types: [...grantTypes],
    response_types: grantTypes.includes(GRANT_TYPES.authorizationCode) ? ['code'] : [],
    redirect_uris: ['http://127.0.0.1/oauth/callback'],
    scope: scopes.join(' '),
  };
}

function timesToLive(lifetimes: Lifetimes): NonNullable<Configuration['ttl']> {
  return {
    AccessToken: (_ctx, _token, client) =>
      client.scope === undefined ? lifetimes.legacyAccessTokenTtlSeconds : lifetimes.accessTokenTtlSeconds,
    AuthorizationCode: AUTHORIZATION_CODE_TTL_SECONDS,
    DeviceCode: lifetimes.deviceCodeTtlSeconds,
    Grant: lifetimes.sessionTtlSeconds,
    IdToken: lifetimes.accessTokenTtlSeconds,
    Interaction: INTERACTION_TTL_SECONDS,
    RefreshToken: lifetimes.sessionTtlSeconds,
    Session: lifetimes.sessionTtlSeconds,
  };
}

function account(user: User | undefined): Account | undefined {
  return (
    user && {
      accountId: user.id,
      claims: () => ({ sub: user.id, email: user.email, email_verified: true, name: user.name }),
    }
  );
}

function show(ctx: KoaContextWithOIDC, page: Page): void {
  ctx.set(PAGE_HEADERS);
  ctx.body = renderPage(page);
}

function prefilledCode(ctx: KoaContextWithOIDC): string {
  const userCode = ctx.query[PREFILL];
  return typeof userCode === 'string' ? userCode : '';
}

function xsrfToken(ctx: KoaContextWithOIDC): string {
  const secret = ctx.oidc.session?.state?.['secret'];
  return typeof secret === 'string' ? secret : '';
}

/** A fresh ES256 key: quick to make, where an RSA key takes a noticeable part of a second. */
function signingKey(random: Random): JWK {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...(privateKey.export({ format: 'jwk' }) as JWK), use: 'sig', alg: 'ES256', kid: random.uuid() };
}
