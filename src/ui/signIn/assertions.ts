import * as vscode from 'vscode';

import type { AssertionSource, ForeignTokens } from '../../flows/exchange.ts';
import type { WhileAsking } from './signInNotification.ts';

/** As VS Code 1.123 and later type it; 1.105 hands `idToken` on without naming it. */
type AuthenticationSession = vscode.AuthenticationSession & { readonly idToken?: string };

/** The accounts of VS Code's other authentication providers, as far as the user lets us use them. */
export function assertionSource(whileAsking: WhileAsking): AssertionSource {
  return {
    async get(providerId, scopes, interactive): Promise<ForeignTokens | undefined> {
      const session = interactive
        ? await whileAsking(() => askForSession(providerId, scopes))
        : await vscode.authentication.getSession(providerId, scopes, { silent: true });
      if (session === undefined) {
        return undefined;
      }
      const { accessToken, idToken }: AuthenticationSession = session;
      return { accessToken, ...(idToken !== undefined && { idToken }) };
    },
  };
}

/** In a dialog of VS Code's. */
async function askForSession(providerId: string, scopes: readonly string[]): Promise<AuthenticationSession> {
  const detail = vscode.l10n.t("AWS SSO uses this account's token to sign in to AWS.");
  try {
    return await vscode.authentication.getSession(providerId, scopes, { createIfNone: { detail } });
  } catch (error) {
    throw isRefusal(error) ? new vscode.CancellationError() : error;
  }
}

/** VS Code has no other mark for a user who closes its dialog. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.message === 'User did not consent to login.';
}
