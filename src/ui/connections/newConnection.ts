import { isExchangeConnection } from '../../connections/connection.ts';
import type { Connection, InteractiveConnection } from '../../connections/connection.ts';
import { isSameIdentityCenter } from '../../connections/identityCenter.ts';
import { BUILDER_ID, isBuilderId } from '../../connections/startUrl/builderId.ts';
import { portalName, regionFromStartUrl } from '../../connections/startUrl/portalUrl.ts';
import { isConnectionFailure } from './connectionFailure.ts';
import type { ConnectionFailure, Correction } from './connectionFailure.ts';

/** What is said of a new connection by whoever asks for it: an extension, or a link. */
export interface ConnectionHint {
  readonly startUrl?: string;
  readonly region?: string;
  /** Absent: the portal's own. */
  readonly name?: string;
}

/** What a link says of it, which the user has seen and agreed to. */
export type ConfirmedHint = ConnectionHint & { readonly startUrl: string; readonly isConfirmed: true };

/** What the user is asked. Each throws when the user closes the input box. */
export interface ConnectionPrompts {
  /**
   * @param suggestedBy whose suggestion it is: the user has to know when it is not their own
   * @returns a start URL as `normalizeStartUrl` returns it
   */
  startUrl(suggested: string | undefined, suggestedBy: 'extension' | 'user'): Promise<string>;
  region(startUrl: string): Promise<string>;
  /** What to change after a failure. `region`: undefined where it was not reached. */
  correction(failure: ConnectionFailure, region: string | undefined): Promise<Correction>;
}

/** What the services respond to the user's input. */
export interface ConnectionChecks {
  /** @throws StartUrlError when no access portal is behind it */
  resolve(startUrl: string): Promise<string>;
  /** The region that the access portal's own page names, if it does. */
  portalRegion(startUrl: string): Promise<string | undefined>;
  /** @throws SignInError or SsoOidcError when the connection cannot be signed in to */
  reach(connection: InteractiveConnection): Promise<void>;
}

/**
 * A connection that works: asked for, with no more questions than it takes, and checked with the service, until
 * it does or the user gives up. One of `existing` where that leads to the same Identity Center.
 * @throws what the prompts throw, and what the checks throw that is no `ConnectionFailure`
 */
export async function newConnection(
  hint: ConnectionHint | ConfirmedHint,
  existing: readonly Connection[],
  prompts: ConnectionPrompts,
  checks: ConnectionChecks,
): Promise<InteractiveConnection> {
  let entered = settledStartUrl(hint) ?? (await prompts.startUrl(hint.startUrl, 'extension'));
  let { region } = hint;
  let isFromPage = false;
  for (;;) {
    try {
      const startUrl = await checks.resolve(entered);
      region ??= isBuilderId(startUrl) ? BUILDER_ID.region : regionFromStartUrl(startUrl);
      if (region === undefined) {
        region = await checks.portalRegion(startUrl);
        isFromPage = region !== undefined;
      }
      region ??= await prompts.region(startUrl);
      const name = freeName(hint.name ?? defaultName(entered), existing);
      const connection = { name, startUrl, region };
      const same = existing.find((candidate) => isSameIdentityCenter(candidate, connection));
      if (same !== undefined && !isExchangeConnection(same)) {
        return same;
      }
      await checks.reach(connection);
      return connection;
    } catch (error) {
      if (!isConnectionFailure(error)) {
        throw error;
      }
      if (isFromPage && error.code === 'noSuchIdentityCenter') {
        // The user has not made this mistake.
        region = await prompts.region(entered);
        isFromPage = false;
        continue;
      }
      const correction = await prompts.correction(error, region);
      if (correction === 'startUrl') {
        entered = await prompts.startUrl(isBuilderId(entered) ? undefined : entered, 'user');
        region = undefined;
      } else if (correction === 'region') {
        region = await prompts.region(entered);
      }
    }
  }
}

/** The start URL that nobody has to confirm: they have, or it is the same for everybody. */
function settledStartUrl(hint: ConnectionHint | ConfirmedHint): string | undefined {
  if ('isConfirmed' in hint) {
    return hint.startUrl;
  }
  return isBuilderId(hint.startUrl ?? '') ? BUILDER_ID.startUrl : undefined;
}

/** What a connection is called where nobody says: as its portal, from a normalized start URL. */
export function defaultName(startUrl: string): string {
  return isBuilderId(startUrl) ? BUILDER_ID.name : portalName(startUrl);
}

/** The name; a second one gets a number. */
export function freeName(base: string, existing: readonly Connection[]): string {
  const taken = new Set(existing.map(({ name }) => name));
  let name = base;
  for (let n = 2; taken.has(name); n += 1) {
    name = `${base} ${n}`;
  }
  return name;
}
