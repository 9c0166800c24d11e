import { createHash } from 'node:crypto';

import * as v from 'valibot';

import { text } from '../common/jsonSchemas.ts';
import { isFitToShow } from '../common/outsideText.ts';

/** Who signed in, as far as an ID token says. */
export interface User {
  /** At most 255 ASCII characters; a hash where the token has something longer or something else. */
  readonly subject: string;
  readonly email?: string;
}

const Claims = v.object({
  sub: text,
  email: v.optional(v.unknown()),
});

/** RFC 5321, section 4.5.3.1.3. */
const MAX_EMAIL = 254;

/** What can be in a label as an email address. An invalid address makes nothing else of the token invalid. */
const Email = v.pipe(
  v.string(),
  v.regex(/^[^\s()<>[\]]+@[^\s()<>[\]]+$/),
  v.check((email) => isFitToShow(email, MAX_EMAIL)),
);

/**
 * Reads who signed in out of an ID token (OpenID Connect Core, section 2), or `undefined` where it is opaque or names nobody.
 * For a label only: the signature is not checked, and nothing is granted by what it says.
 */
export function userOf(idToken: string | undefined): User | undefined {
  const payload = idToken?.split('.')[1];
  if (payload === undefined) {
    return undefined;
  }
  try {
    const claims = v.safeParse(Claims, JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    if (!claims.success) {
      return undefined;
    }
    const { sub, email } = claims.output;
    return { subject: boundedSubject(sub), ...(v.is(Email, email) && { email }) };
  } catch {
    return undefined;
  }
}

/** Subjects are at most 255 ASCII characters (OpenID Connect Core, section 2): whatever else comes stays distinct. */
function boundedSubject(subject: string): string {
  return /^[\x21-\x7E]{1,255}$/.test(subject)
    ? subject
    : `sha256:${createHash('sha256').update(subject).digest('base64url')}`;
}
