import { SSOClient } from '@aws-sdk/client-sso';
import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from '@aws-sdk/client-sso-oidc';
import type {
  CreateTokenCommandOutput,
  CreateTokenRequest,
  RegisterClientRequest,
} from '@aws-sdk/client-sso-oidc';
import { GRANT_TYPES } from './grants.ts';
import type { IdentityCenter } from './server.ts';

/** What `StartDeviceAuthorization` gave, and what `poll` needs. */
export interface DeviceAuthorization {
  readonly userCode: string;
  readonly deviceCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string;
  readonly expiresIn: number;
  readonly interval: number;
}

/** A signed-in session's tokens. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** AWS's own SDK as the client: one registration, and the operations that need it. Nothing is retried. */
export class SdkClient {
  readonly oidc: SSOOIDCClient;
  readonly portal: SSOClient;
  readonly registration: { readonly clientId: string; readonly clientSecret: string };
  readonly #startUrl: string;

  private constructor(
    oidc: SSOOIDCClient,
    portal: SSOClient,
    registration: SdkClient['registration'],
    startUrl: string,
  ) {
    this.oidc = oidc;
    this.portal = portal;
    this.registration = registration;
    this.#startUrl = startUrl;
  }

  /** Registers a client; by default one for the device flow with the default scope. */
  static async register(
    center: IdentityCenter,
    request: Partial<RegisterClientRequest> = {},
  ): Promise<SdkClient> {
    const configuration = { region: 'us-east-1', endpoint: center.url, maxAttempts: 1 };
    const oidc = new SSOOIDCClient(configuration);
    const { clientId, clientSecret } = await oidc.send(
      new RegisterClientCommand({
        clientName: 'fidelity test',
        clientType: 'public',
        scopes: ['sso:account:access'],
        ...request,
      }),
    );
    return new SdkClient(
      oidc,
      new SSOClient(configuration),
      { clientId: present(clientId), clientSecret: present(clientSecret) },
      center.startUrl,
    );
  }

  async startDeviceAuthorization(startUrl = this.#startUrl): Promise<DeviceAuthorization> {
    const answer = await this.oidc.send(
      new StartDeviceAuthorizationCommand({ ...this.registration, startUrl }),
    );
    return {
      userCode: present(answer.userCode),
      deviceCode: present(answer.deviceCode),
      verificationUri: present(answer.verificationUri),
      verificationUriComplete: present(answer.verificationUriComplete),
      expiresIn: present(answer.expiresIn),
      interval: present(answer.interval),
    };
  }

  createToken(request: Partial<CreateTokenRequest>): Promise<CreateTokenCommandOutput> {
    return this.oidc.send(
      new CreateTokenCommand({ ...this.registration, grantType: GRANT_TYPES.deviceCode, ...request }),
    );
  }

  poll({ deviceCode }: DeviceAuthorization): Promise<CreateTokenCommandOutput> {
    return this.createToken({ deviceCode });
  }

  refresh(refreshToken: string, scope?: string[]): Promise<CreateTokenCommandOutput> {
    return this.createToken({
      grantType: GRANT_TYPES.refreshToken,
      refreshToken,
      ...(scope === undefined ? {} : { scope }),
    });
  }

  /** A whole device sign-in, approved without a page. */
  async signIn(center: IdentityCenter, userId?: string): Promise<TokenPair> {
    const authorization = await this.startDeviceAuthorization();
    await center.approve(authorization.userCode, userId);
    const { accessToken, refreshToken } = await this.poll(authorization);
    return { accessToken: present(accessToken), refreshToken: present(refreshToken) };
  }

  dispose(): void {
    this.oidc.destroy();
    this.portal.destroy();
  }
}

/** `value`, which the service must have sent. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error('The answer lacks a member that the service sends.');
  }
  return value;
}
