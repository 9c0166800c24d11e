import * as v from 'valibot';

/** Who signed in, as far as an ID token says. */
export interface Person {
  readonly subject: string;
  readonly email?: string;
}

const Claims = v.object({
  sub: v.pipe(v.string(), v.minLength(1)),
  email: v.exactOptional(
    v.pipe(v.string(), v.minLength(3), v.maxLength(254), v.regex(/^[^\s()<>[\]]+@[^\s()<>[\]]+$/)),
  ),
});

/**
 * Reads the person out of an ID token (OpenID Connect Core, section 2), or `undefined` where it is opaque or names nobody.
 * For a label only: the signature is not checked, and nothing is granted by what it says.
 */
export function personOf(idToken: string | undefined): Person | undefined {
  const payload = idToken?.split('.')[1];
  if (payload === undefined) {
    return undefined;
  }
  try {
    const claims = v.safeParse(Claims, JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    return claims.success
      ? {
          subject: claims.output.sub,
          ...(claims.output.email !== undefined && { email: claims.output.email }),
        }
      : undefined;
  } catch {
    return undefined;
  }
}
