import type { Clock } from '../common/clock.ts';
import type { InteractiveConnection } from '../connections/connection.ts';
import type { SsoOidcClient } from '../oidc/client.ts';
import type { RegistrationCache } from './clientRegistration.ts';
import type { IssuedTokens } from './tokens.ts';

/** The code a user confirms in the browser (RFC 8628, section 3.2), checked and safe to show and open. */
export interface UserCodePrompt {
  readonly userCode: string;
  /** The page to open: with the code filled in where the service offers that. */
  readonly verificationUri: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A page the user signs in on, which leads back to this machine by itself (RFC 8252). */
export interface BrowserPrompt {
  readonly url: string;
  /** Where the page is: only the page shows that the region is wrong, and nothing comes back. */
  readonly region: string;
  /** Goes on with a device code instead. */
  readonly useDeviceCode?: () => void;
}

/** What a flow may ask of the user's screen. */
export interface Interaction {
  /** Opens the page, and keeps a way to open it again on show until the flow settles. */
  showBrowserSignIn(prompt: BrowserPrompt): void;
  /** Shows the code, and keeps it on show until the flow settles. */
  showUserCode(prompt: UserCodePrompt): void;
  /** The service cannot be reached just now, and the flow keeps trying; `undefined` when it answers again. */
  showTrouble(trouble: Error | undefined): void;
}

/** What every flow is built on. */
export interface FlowContext {
  readonly oidcClient: (connection: InteractiveConnection) => SsoOidcClient;
  readonly registrations: RegistrationCache;
  readonly clock: Clock;
}

/**
 * A way to obtain tokens for `scopes` from the Identity Center of `connection`.
 * It knows nothing of storage, and ends at once with the signal's reason when `signal` aborts.
 * @throws SignInError or SsoOidcError
 */
export type Flow<C> = (
  connection: C,
  scopes: readonly string[],
  interaction: Interaction,
  signal: AbortSignal,
) => Promise<IssuedTokens>;
