import type { IssuedTokens, RegisteredClient } from '../../src/flows/tokens.ts';
import { SsoOidcError } from '../../src/wire/errors.ts';
import type { SsoOidcErrorCode } from '../../src/wire/errors.ts';
import type { World } from './world.ts';

/** Why a sign-in is over for the server. */
export type Ending =
  /** The administrator ended it, or it has reached its full length. */
  | 'administrator'
  /** The user signed out. */
  | 'user'
  /** A refresh token came a second time. */
  | 'reuse';

/** What one sign-in has grown into: of its refresh tokens only the newest is good. */
export interface Family {
  readonly id: number;
  readonly endsAt: number;
  /** It cannot be refreshed: its one token lasts as long as it does. */
  readonly isFixed: boolean;
  /** How far the clock of its machine was set off when it began. */
  readonly setSkewMs: number;
  refreshToken: string;
  readonly accessTokens: Map<string, number>;
  ended: Ending | undefined;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FIXED_MS = 8 * HOUR_MS;

/** An Identity Center with strict single-use refresh tokens: a second use ends the whole sign-in. */
export class Server {
  readonly #world: World;
  readonly #families = new Map<string, Family>();
  readonly #grants = new WeakMap<IssuedTokens, Family>();
  #serial = 0;
  readonly lifetimeMs = HOUR_MS;
  /** Called for each refresh request that arrives. */
  onRefresh: () => void = () => undefined;
  refreshes = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** A granted sign-in that cannot be refreshed, as of a client that was registered without scopes. */
  signInFixed(skewMs: number, setSkewMs: number): IssuedTokens {
    const endsAt = this.#world.now + FIXED_MS;
    this.#serial += 1;
    const family = { ...this.#newFamily(endsAt), isFixed: true, setSkewMs };
    const { refreshToken: _, client: __, ...issued } = this.#issue(family, undefined, skewMs);
    this.#grants.set(issued, family);
    return issued;
  }

  /** A granted sign-in, as a flow returns it to a machine whose clock is `skewMs` off. */
  signIn(skewMs: number, clientLifetimeMs: number, sessionMs = 30 * DAY_MS): IssuedTokens {
    const now = this.#world.now + skewMs;
    const client = {
      clientId: `client-${++this.#serial}`,
      clientSecret: 'SECRET-client',
      issuedAt: now,
      expiresAt: now + clientLifetimeMs,
    };
    const family = this.#newFamily(this.#world.now + sessionMs);
    const issued = this.#issue(family, client, skewMs);
    this.#grants.set(issued, family);
    return issued;
  }

  #newFamily(endsAt: number): Family {
    const accessTokens = new Map<string, number>();
    return {
      id: this.#serial,
      endsAt,
      isFixed: false,
      setSkewMs: 0,
      refreshToken: '',
      accessTokens,
      ended: undefined,
    };
  }

  /**
   * @throws SsoOidcError as the wire reports it
   */
  refresh(refreshToken: string, client: RegisteredClient, skewMs: number): IssuedTokens {
    this.onRefresh();
    const family = this.#families.get(refreshToken);
    if (client.expiresAt < this.#world.now + skewMs) {
      throw serviceError('InvalidClientException', 401);
    }
    if (family === undefined || this.isOver(family)) {
      throw serviceError('InvalidGrantException', 400);
    }
    if (family.refreshToken !== refreshToken) {
      family.ended = 'reuse';
      throw serviceError('InvalidGrantException', 400);
    }
    this.refreshes += 1;
    return this.#issue(family, client, skewMs);
  }

  signOut(accessToken: string): void {
    for (const family of this.#families.values()) {
      if (family.accessTokens.has(accessToken)) {
        family.ended ??= 'user';
      }
    }
  }

  isOver(family: Family): boolean {
    if (family.endsAt <= this.#world.now) {
      family.ended ??= 'administrator';
    }
    return family.ended !== undefined;
  }

  /**
   * What a sign-in, as it was granted, has begun.
   * @throws Error where it was granted elsewhere
   */
  familyOfSignIn(issued: IssuedTokens): Family {
    const family = this.#grants.get(issued);
    if (family === undefined) {
      throw new Error('The simulated server does not know a token it has issued.');
    }
    return family;
  }

  familyOf(refreshToken: string): Family | undefined {
    return this.#families.get(refreshToken);
  }

  isActive(accessToken: string, family: Family): boolean {
    return !this.isOver(family) && (family.accessTokens.get(accessToken) ?? 0) > this.#world.now;
  }

  #issue(family: Family, client: RegisteredClient | undefined, skewMs: number): IssuedTokens {
    const serial = ++this.#serial;
    const accessToken = `SECRET-access-${serial}`;
    const expiresAt = family.isFixed ? family.endsAt : this.#world.now + this.lifetimeMs;
    for (const [token, end] of family.accessTokens) {
      if (end <= this.#world.now) {
        family.accessTokens.delete(token);
      }
    }
    family.refreshToken = `SECRET-refresh-${serial}`;
    family.accessTokens.set(accessToken, expiresAt);
    this.#families.set(family.refreshToken, family);
    return {
      accessToken,
      refreshToken: family.refreshToken,
      issuedAt: this.#world.now + skewMs,
      expiresAt: expiresAt + skewMs,
      ...(client !== undefined && { client }),
      requestId: `request-${serial}`,
    };
  }
}

/** A code on a screen, which waits for the user to confirm it in a browser (RFC 8628). */
export class DeviceCode {
  readonly #issue: () => IssuedTokens;
  #state: 'pending' | 'confirmed' | 'spent' = 'pending';

  constructor(issue: () => IssuedTokens) {
    this.#issue = issue;
  }

  confirm(): void {
    if (this.#state === 'pending') {
      this.#state = 'confirmed';
    }
  }

  /** @throws SsoOidcError as the wire reports it */
  redeem(): IssuedTokens {
    switch (this.#state) {
      case 'pending':
        throw serviceError('AuthorizationPendingException', 400);
      case 'spent':
        throw serviceError('InvalidGrantException', 400);
      case 'confirmed':
        this.#state = 'spent';
        return this.#issue();
    }
  }
}

/** An error as the wire reports it. */
export function serviceError(
  code: SsoOidcErrorCode,
  status: number | undefined,
  sent: 'no' | 'maybe' = 'maybe',
  retryAfterMs?: number,
): SsoOidcError {
  const ResponseMetadata =
    status === undefined ? undefined : { HTTPStatusCode: status, HTTPHeaders: {}, RetryAttempts: 0 };
  const text = { what: 'It failed.', advice: 'Try again.' };
  return new SsoOidcError({ code, ...text, sent, retryAfterMs, requestId: 'request', ResponseMetadata });
}
