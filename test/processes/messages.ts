import type { GrantedSignIn } from '../../src/sessions/signIn/signInKeeper.ts';
import type { NeedsSignInReason } from '../../src/sessions/session.ts';

/** What the test tells a window. */
export type ToWindow =
  { readonly kind: 'signIn'; readonly granted: GrantedSignIn } | { readonly kind: 'close' };

/** What a window tells the test. */
export type FromWindow =
  | { readonly kind: 'open' }
  | { readonly kind: 'signedIn' }
  /** The token it would hand out just now, if any; asked every quarter of a second. */
  | { readonly kind: 'token'; readonly accessToken: string | undefined; readonly expiresAt: number }
  | { readonly kind: 'ended'; readonly reason: NeedsSignInReason }
  /** Sessions that it saw disappear. */
  | { readonly kind: 'removed'; readonly ids: readonly string[] };
