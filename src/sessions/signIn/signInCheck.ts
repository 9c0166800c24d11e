import { isExchangeConnection } from '../../connections/connection.ts';
import type { Connection } from '../../connections/connection.ts';
import { isRegion } from '../../oidc/regionCode.ts';
import { normalizeStartUrl } from '../../connections/startUrl/startUrl.ts';
import { SignInError } from '../../flows/signInError.ts';
import { DEFAULT_SCOPE, isSelected } from '../scopes.ts';
import type { RequestedScopes } from '../scopes.ts';
import type { Account } from '../session.ts';

/** What somebody asked for. */
export interface RequestedSignIn {
  readonly requested: RequestedScopes;
  readonly account?: Account | undefined;
}

/** What it comes to, as far as that is known: the connection before a sign-in, the rest after it. */
export interface ObtainedSignIn {
  readonly connection: Connection;
  /** Other start URLs that were found to lead to the connection's portal. */
  readonly aliases?: readonly string[] | undefined;
  readonly account?: Account;
  /** The scopes the service says it granted. */
  readonly scope?: readonly string[] | undefined;
}

/**
 * Makes sure that a request names only what a sign-in can lead to.
 * @throws SignInError `unusableRequest`
 */
export function checkRequest({ startUrl, region }: RequestedScopes): void {
  if (startUrl !== undefined && !normalizeStartUrl(startUrl, { allowLoopback: true }).ok) {
    throw new SignInError('unusableRequest', { requested: startUrl });
  }
  if (region !== undefined && !isRegion(region)) {
    throw new SignInError('unusableRequest', { requested: region });
  }
}

/**
 * The one rule for every sign-in, whoever asked and however it was granted: what is obtained is what was requested.
 * Call it before anyone is sent to a browser, and again before a session is stored or handed out.
 * @throws SignInError `otherIdentityCenter`, `otherAccount`, `scopesNotGranted`
 */
export function checkSignIn({ requested, account }: RequestedSignIn, obtained: ObtainedSignIn): void {
  const { connection, aliases, scope } = obtained;
  if (!isSelected(connection, requested, aliases)) {
    throw otherIdentityCenter(requested, connection);
  }
  if (account !== undefined && obtained.account !== undefined && obtained.account.id !== account.id) {
    throw new SignInError('otherAccount', { requested: account.label, account: obtained.account.label });
  }
  const missing = missingScopes(requested, scope);
  if (missing.length > 0) {
    throw new SignInError('scopesNotGranted', { connection: connection.name, requested: missing.join(' ') });
  }
}

function otherIdentityCenter({ startUrl, region }: RequestedScopes, connection: Connection): SignInError {
  return new SignInError('otherIdentityCenter', {
    requested: [startUrl, region].filter((part) => part !== undefined).join(' '),
    connection: connection.name,
    startUrl: isExchangeConnection(connection) ? connection.applicationArn : connection.startUrl,
    region: connection.region,
  });
}

/** The default scope means "as the application has it": it may be granted by other names. */
function missingScopes({ wire }: RequestedScopes, granted: readonly string[] | undefined): readonly string[] {
  return granted === undefined
    ? []
    : wire.filter((scope) => scope !== DEFAULT_SCOPE && !granted.includes(scope));
}
