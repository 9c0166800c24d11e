import { deadline, systemClock } from '../common/clock.ts';
import type { Clock } from '../common/clock.ts';
import { systemRandom } from '../common/random.ts';
import type { Random } from '../common/random.ts';
import { untilAborted } from '../common/timeout.ts';
import { l10n, WordedError, wordsOf } from '../common/words.ts';
import { urlBelow } from './endpoint.ts';
import type { OidcOperation } from '../wire/errors.ts';
import { failure } from '../wire/failure.ts';
import type { HttpRequest } from '../wire/request.ts';
import * as model from './model.ts';
import { sendWithRetries } from '../wire/retry.ts';
import { secretsOfRequest } from '../wire/secrets.ts';

/** Credentials of an IAM principal. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Signs with AWS Signature Version 4: the same request, with the headers that make it signed. */
export type RequestSigner = (
  request: HttpRequest,
  scope: { readonly service: string; readonly region: string; readonly credentials: AwsCredentials },
) => Promise<HttpRequest>;

export interface SsoOidcClientOptions {
  /** The base URL, from `resolveOidcEndpoint`. */
  readonly endpoint: URL;
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly userAgent?: string;
  /** For `createTokenWithIAM` only, which needs all three. */
  readonly region?: string;
  readonly credentials?: () => Promise<AwsCredentials>;
  readonly signer?: RequestSigner;
}

/** What every call takes besides its request. */
export interface CallOptions {
  /** Ends the call at once; the call then rejects with the signal's own reason. */
  readonly signal?: AbortSignal;
}

const PATHS: Readonly<Record<OidcOperation, string>> = {
  RegisterClient: '/client/register',
  StartDeviceAuthorization: '/device_authorization',
  CreateToken: '/token',
  CreateTokenWithIAM: '/token?aws_iam=t',
};

/** A `credential_process` may ask the user for a second factor; one that hangs must not hang a session. */
const CREDENTIALS_MS = 60_000;

/**
 * The sso-oidc service. A call takes 15 seconds at most per attempt, and repeats itself after a transient
 * failure where that is safe. All of them throw `SsoOidcError`, or the signal's reason.
 */
export class SsoOidcClient {
  readonly #options;
  /** Each is parsed once, as that is a good part of what a call costs beside its `fetch`. */
  readonly #urls = new Map<OidcOperation, URL>();

  constructor(options: SsoOidcClientOptions) {
    this.#options = { fetch: globalThis.fetch, clock: systemClock, random: systemRandom, ...options };
  }

  /** RegisterClient: makes this program an OAuth client (RFC 7591). Repeated after transient failures. */
  registerClient(
    request: model.RegisterClientRequest,
    { signal }: CallOptions = {},
  ): Promise<model.Result<model.RegisterClientResponse>> {
    const post = this.#post('RegisterClient', request);
    return sendWithRetries(post, model.registerClientResponse, 'always', this.#options, signal);
  }

  /** StartDeviceAuthorization (RFC 8628, section 3.1). Repeated after transient failures. */
  startDeviceAuthorization(
    request: model.StartDeviceAuthorizationRequest,
    { signal }: CallOptions = {},
  ): Promise<model.Result<model.StartDeviceAuthorizationResponse>> {
    const post = this.#post('StartDeviceAuthorization', request);
    return sendWithRetries(post, model.startDeviceAuthorizationResponse, 'always', this.#options, signal);
  }

  /**
   * CreateToken (RFC 6749, sections 4.1.3 and 6; RFC 8628, section 3.4). Codes and refresh tokens are for
   * single use: repeated only when the request never left. A poll with a device code is never repeated here.
   */
  createToken(
    request: model.CreateTokenRequest,
    { signal }: CallOptions = {},
  ): Promise<model.Result<model.CreateTokenResponse>> {
    const post = this.#post('CreateToken', request);
    const repeat = request.grantType === model.DEVICE_CODE_GRANT ? 'never' : 'unsent';
    return sendWithRetries(post, model.createTokenResponse, repeat, this.#options, signal);
  }

  /**
   * CreateTokenWithIAM (also RFC 7523, section 2.1, and RFC 8693). Repeated only when the request never left.
   * @throws SsoOidcError with the code `SigningUnavailable` without a region, credentials and a signer, or
   * `CredentialsUnavailable` when the credentials cannot be had.
   */
  async createTokenWithIAM(
    request: model.CreateTokenWithIAMRequest,
    { signal }: CallOptions = {},
  ): Promise<model.Result<model.CreateTokenWithIAMResponse>> {
    const post = this.#post('CreateTokenWithIAM', request);
    const { region, credentials, signer } = this.#options;
    if (region === undefined || credentials === undefined || signer === undefined) {
      throw failure('SigningUnavailable', post, { sent: 'no' });
    }
    const scope = {
      service: 'sso-oauth',
      region,
      credentials: await this.#resolve(credentials, post, signal),
    };
    const signed = await signer(post, scope);
    return sendWithRetries(signed, model.createTokenWithIAMResponse, 'unsent', this.#options, signal);
  }

  async #resolve(
    credentials: () => Promise<AwsCredentials>,
    request: HttpRequest,
    signal: AbortSignal | undefined,
  ): Promise<AwsCredentials> {
    const tooLate = (): Error =>
      new WordedError(
        l10n.t("The AWS credentials weren't available within {0} seconds.", CREDENTIALS_MS / 1000),
      );
    const limit = deadline(this.#options.clock, CREDENTIALS_MS, tooLate, signal);
    try {
      return await untilAborted(limit.signal, credentials());
    } catch (error) {
      signal?.throwIfAborted();
      throw failure('CredentialsUnavailable', request, { sent: 'no', detail: wordsOf(error) });
    } finally {
      limit.dispose();
    }
  }

  #url(operation: OidcOperation): URL {
    const url = this.#urls.get(operation) ?? urlBelow(this.#options.endpoint, PATHS[operation]);
    this.#urls.set(operation, url);
    return url;
  }

  #post(operation: OidcOperation, request: object): HttpRequest {
    const { userAgent } = this.#options;
    return {
      operation,
      method: 'POST',
      url: this.#url(operation),
      headers: {
        'content-type': 'application/json',
        ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
      },
      body: JSON.stringify(request),
      secrets: secretsOfRequest(request),
    };
  }
}
