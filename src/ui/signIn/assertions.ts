import * as vscode from 'vscode';

import type { AssertionSource, ForeignTokens } from '../../flows/exchange.ts';

/** As VS Code 1.123 and later type it; 1.105 hands `idToken` on without naming it. */
type AuthenticationSession = vscode.AuthenticationSession & { readonly idToken?: string };

/** The accounts of VS Code's other authentication providers, as far as the person lets us use them. */
export const assertionSource: AssertionSource = {
  async get(providerId, scopes, interactive): Promise<ForeignTokens | undefined> {
    const session = await getSession(providerId, scopes, interactive);
    if (session === undefined) {
      return undefined;
    }
    const { accessToken, idToken } = session;
    return { accessToken, ...(idToken !== undefined && { idToken }) };
  },
};

async function getSession(
  providerId: string,
  scopes: readonly string[],
  interactive: boolean,
): Promise<AuthenticationSession | undefined> {
  if (!interactive) {
    return vscode.authentication.getSession(providerId, scopes, { silent: true });
  }
  const detail = vscode.l10n.t("AWS SSO uses this account's token to sign in to AWS.");
  try {
    return await vscode.authentication.getSession(providerId, scopes, { createIfNone: { detail } });
  } catch (error) {
    throw isRefusal(error) ? new vscode.CancellationError() : error;
  }
}

/** VS Code has no other mark for a person who closes its dialog. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.message === 'User did not consent to login.';
}
