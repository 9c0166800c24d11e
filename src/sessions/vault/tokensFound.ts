import type { Session, SessionTokens } from '../session.ts';
import { isLater } from '../sessionVersions.ts';
import { isBoundTo } from './tokenBinding.ts';

/** A session's tokens, as far as this window knows. */
export type TokensFound =
  /** Those of the session's version. */
  | { readonly kind: 'current'; readonly tokens: SessionTokens }
  /** Later ones: whoever got them had no time to say so. */
  | { readonly kind: 'newer'; readonly tokens: SessionTokens }
  /** Earlier ones: the access token may still do, the refresh token is spent. */
  | { readonly kind: 'stale'; readonly tokens: SessionTokens }
  /** The vault answers, and has none that are of any use. */
  | { readonly kind: 'missing' }
  /** They belong to something else than the session says it is. */
  | { readonly kind: 'foreign' }
  /** The vault does not answer, or only with an error. */
  | { readonly kind: 'unavailable' };

/** What the vault has for an id, whatever the session with it says. */
export type TokenRecord =
  { readonly tokens: SessionTokens } | Extract<TokensFound, { kind: 'missing' | 'unavailable' }>;

/**
 * What `tokens` are to `session`. Those of an earlier sign-in, or of an earlier refresh and over, count as missing:
 * somebody has put an old record back, or could not save.
 * @param now milliseconds since the epoch
 */
export function classifyTokens(tokens: SessionTokens, session: Session, now: number): TokensFound {
  const isStale = isLater(session, tokens);
  if (isStale && (tokens.signedInAt < session.signedInAt || tokens.expiresAt <= now)) {
    return { kind: 'missing' };
  }
  if (!isBoundTo(tokens, session)) {
    return { kind: isStale ? 'missing' : 'foreign' };
  }
  return { kind: isStale ? 'stale' : isLater(tokens, session) ? 'newer' : 'current', tokens };
}
