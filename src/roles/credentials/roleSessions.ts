import type { Disposable } from '../../common/disposable.ts';
import type { RoleCredentials, SessionRole } from './roleCredentials.ts';

/** What a session can do for a role just now. */
export type SessionAnswer =
  | { readonly kind: 'signedIn'; readonly getCredentials: GetCredentials }
  | { readonly kind: 'needsSignIn' }
  | { readonly kind: 'signedOut' };

/** GetRoleCredentials with the session's current access token. @throws what the portal's client throws */
export type GetCredentials = (role: SessionRole, signal: AbortSignal) => Promise<RoleCredentials>;

/** The sessions that roles are taken with. */
export interface RoleSessions {
  /** What the session can do now, its token refreshed where that is due. */
  ask(sessionId: string): Promise<SessionAnswer>;
  /** Whether a sign-in may have ended, begun or been renewed. */
  readonly onDidChange: (listener: () => void) => Disposable;
}
