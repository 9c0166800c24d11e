import type * as vscode from 'vscode';

import type { LiveSession } from '../sessions/session.ts';

/** As VS Code 1.123 and later type it; 1.105 hands `idToken` on without naming it. */
type AuthenticationSession = vscode.AuthenticationSession & { readonly idToken?: string };

/**
 * What a consumer gets: a fresh object with exactly these members, because VS Code passes on whatever it finds.
 * @param scopes as the consumer asked; VS Code compares them with the request
 */
export function toAuthenticationSession(
  { session, tokens }: LiveSession,
  scopes: readonly string[],
): AuthenticationSession {
  return {
    id: session.id,
    accessToken: tokens.accessToken,
    ...(tokens.idToken !== undefined && { idToken: tokens.idToken }),
    account: { id: session.account.id, label: session.account.label },
    scopes: [...scopes],
  };
}
