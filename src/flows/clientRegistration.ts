import { createHash } from 'node:crypto';

import type { Clock } from '../common/clock.ts';
import { untilAborted } from '../common/timeout.ts';
import type { InteractiveConnection } from '../connections/connection.ts';
import { isImpossibleAt } from '../connections/startUrl/builderId.ts';
import { SCOPE_TOKEN } from '../connections/scopeToken.ts';
import type { SsoOidcClient } from '../oidc/client.ts';
import type { RegisterClientRequest } from '../oidc/model.ts';
import { SignInError } from './signInError.ts';
import type { RegisteredClient } from './tokens.ts';

/** What the consent page calls us. */
const CLIENT_NAME = 'AWS SSO Authentication for VS Code';

/** Keeps registrations between sign-ins. They hold client secrets: keep them where secrets belong. */
export interface RegistrationCache {
  /** `undefined` when there is none, or it cannot be read. */
  read(key: string): Promise<RegisteredClient | undefined>;
  write(key: string, client: RegisteredClient): Promise<void>;
}

/** What a client is registered for. */
export interface RegistrationPurpose {
  /** The host that registers it. */
  readonly endpoint: URL;
  readonly startUrl: string;
  readonly request: RegisterClientRequest;
}

/**
 * The request to register a client for `connection`; `more` has what depends on the flow.
 * @throws SignInError `malformedScope` for what is no single scope: in a URL it would become several; `noAccounts` for
 * scopes that can't be granted there
 */
export function registrationRequest(
  { name, startUrl, issuerUrl, entitledApplicationArn }: InteractiveConnection,
  scopes: readonly string[],
  more: Pick<RegisterClientRequest, 'grantTypes' | 'redirectUris' | 'issuerUrl'>,
): RegisterClientRequest {
  const scope = scopes.find((candidate) => !SCOPE_TOKEN.test(candidate));
  if (scope !== undefined) {
    throw new SignInError('malformedScope', { connection: name, scope });
  }
  if (isImpossibleAt(startUrl, scopes)) {
    throw new SignInError('noAccounts', { connection: name });
  }
  return {
    clientName: CLIENT_NAME,
    clientType: 'public',
    scopes,
    ...(issuerUrl !== undefined && { issuerUrl }),
    ...(entitledApplicationArn !== undefined && { entitledApplicationArn }),
    ...more,
  };
}

interface RegistrationContext {
  readonly oidc: SsoOidcClient;
  readonly registrations: RegistrationCache;
  readonly clock: Clock;
}

/** How long the service keeps a registration, when it does not say or says 0, "never" (90 days). */
const DEFAULT_LIFETIME_MS = 90 * 24 * 60 * 60 * 1000;

/**
 * The client registered for `purpose`: the cached one, or a new one when there is none, or when half its life is over,
 * because a session may last for weeks and cannot outlive its client.
 * @throws SsoOidcError, SignInError; the signal's reason when `signal` aborts
 */
export async function registeredClient(
  context: RegistrationContext,
  purpose: RegistrationPurpose,
  signal: AbortSignal,
): Promise<RegisteredClient> {
  const cached = await untilAborted(signal, context.registrations.read(registrationKey(purpose)));
  return cached !== undefined && isFresh(cached, context.clock.now())
    ? cached
    : renewRegistration(context, purpose, signal);
}

/**
 * Registers a new client in place of the cached one, which the service no longer knows.
 * @throws SsoOidcError, SignInError; the signal's reason when `signal` aborts
 */
export async function renewRegistration(
  context: RegistrationContext,
  purpose: RegistrationPurpose,
  signal: AbortSignal,
): Promise<RegisteredClient> {
  const client = await register(context, purpose, signal);
  await untilAborted(signal, context.registrations.write(registrationKey(purpose), client));
  return client;
}

async function register(
  { oidc, clock }: RegistrationContext,
  { request }: RegistrationPurpose,
  signal: AbortSignal,
): Promise<RegisteredClient> {
  const response = await oidc.registerClient(request, { signal });
  const { clientId, clientSecret, clientSecretExpiresAt, authorizationEndpoint } = response;
  if (clientId === undefined || clientSecret === undefined) {
    throw new SignInError('incompleteAnswer', {
      missing: clientId === undefined ? 'clientId' : 'clientSecret',
      requestId: response.ResponseMetadata.RequestId,
    });
  }
  const issuedAt = clock.now();
  const expiresAt = clientSecretExpiresAt ? clientSecretExpiresAt * 1000 : issuedAt + DEFAULT_LIFETIME_MS;
  return {
    clientId,
    clientSecret,
    issuedAt,
    expiresAt,
    ...(authorizationEndpoint !== undefined && { authorizationEndpoint }),
  };
}

function isFresh({ issuedAt, expiresAt }: RegisteredClient, now: number): boolean {
  return now < issuedAt + (expiresAt - issuedAt) / 2;
}

/** Equal for equal purposes, and safe to show: it is a hash of nothing secret. */
export function registrationKey({ endpoint, startUrl, request }: RegistrationPurpose): string {
  const parts = [
    endpoint.href,
    startUrl,
    (request.scopes ?? []).toSorted(),
    (request.grantTypes ?? []).toSorted(),
    (request.redirectUris ?? []).toSorted(),
    request.issuerUrl ?? '',
    request.entitledApplicationArn ?? '',
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
