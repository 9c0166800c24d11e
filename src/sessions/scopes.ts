import { isExchangeConnection } from '../connections/connection.ts';
import type { Connection } from '../connections/connection.ts';
import { DEFAULT_SCOPE } from '../connections/scopeToken.ts';
import { isOwnedHost } from '../connections/startUrl/hosts.ts';
import { sameStartUrlAs } from '../connections/startUrl/startUrl.ts';

export { DEFAULT_SCOPE };

const START_URL_SELECTOR = 'VSCODE_START_URL:';
const REGION_SELECTOR = 'VSCODE_REGION:';

/** A consumer's scopes, taken apart. */
export interface RequestedScopes {
  /** What goes to the service: sorted, without blanks, duplicates and any `VSCODE_…` entry; never empty. */
  readonly wire: readonly string[];
  /** As written behind `VSCODE_START_URL:`. */
  readonly startUrl?: string;
  /** As written behind `VSCODE_REGION:`. */
  readonly region?: string;
}

/** Reads the scopes of a `getSession` call. The caller's array is left as it is. */
export function parseScopes(requested: readonly string[]): RequestedScopes {
  const wire = [...new Set(requested.filter(isForService))].toSorted();
  const startUrl = selector(requested, START_URL_SELECTOR);
  const region = selector(requested, REGION_SELECTOR);
  return {
    wire: wire.length === 0 ? [DEFAULT_SCOPE] : wire,
    ...(startUrl !== undefined && { startUrl }),
    ...(region !== undefined && { region }),
  };
}

function isForService(scope: string): boolean {
  return !scope.startsWith('VSCODE_') && scope.trim() !== '';
}

/** One with nothing behind its colon selects nothing. */
function selector(scopes: readonly string[], prefix: string): string | undefined {
  const values = scopes
    .filter((scope) => scope.startsWith(prefix))
    .map((scope) => scope.slice(prefix.length));
  return values.find((value) => value.trim() !== '');
}

/** The scopes without selectors, for a sign-in to a connection that is chosen already. */
export function withoutSelectors(requested: readonly string[]): readonly string[] {
  return requested.filter(
    (scope) => !scope.startsWith(START_URL_SELECTOR) && !scope.startsWith(REGION_SELECTOR),
  );
}

/** Whether two requests ask the service for exactly the same. */
export function isSameRequest(a: RequestedScopes, b: RequestedScopes): boolean {
  return a.wire.length === b.wire.length && a.wire.every((scope, index) => scope === b.wire[index]);
}

/**
 * Whether the selectors, if any, mean this connection.
 * @param aliases other start URLs that are known to lead to its portal
 */
type Selects = (connection: Connection, aliases?: readonly string[]) => boolean;

/** See {@link Selects}. Of many connections most have the same start URL, which takes longest to compare. */
export function selectedBy({ startUrl, region }: RequestedScopes): Selects {
  const isMeant = startUrl === undefined ? undefined : sameStartUrlAs(startUrl);
  return (connection, aliases = []) => {
    if (region !== undefined && region !== connection.region) {
      return false;
    }
    if (isMeant === undefined) {
      return true;
    }
    const startUrls = isExchangeConnection(connection)
      ? []
      : [connection.startUrl, ...aliases.filter((alias) => !isOwnPortal(alias))];
    return startUrls.some(isMeant);
  };
}

/** {@link selectedBy} for a single connection. */
export function isSelected(
  connection: Connection,
  requested: RequestedScopes,
  aliases?: readonly string[],
): boolean {
  return selectedBy(requested)(connection, aliases);
}

/** Whether AWS itself has an Identity Center at that start URL: it never means another one, whatever the index says. */
function isOwnPortal(startUrl: string): boolean {
  return isOwnedHost(URL.parse(startUrl)?.hostname ?? '');
}
