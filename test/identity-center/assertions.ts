import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import type { JWTVerifyGetKey } from 'jose';

/** A trusted token issuer, as an administrator configures it: whose JSON Web Tokens stand for users here. */
export interface TrustedIssuer {
  /** The `iss` of its tokens. */
  readonly issuer: string;
  /** The `aud` that the application accepts. */
  readonly audience: string;
  /** Where its keys are (RFC 7517, section 5). */
  readonly jwksUri: string;
}

/** Verifies assertions (RFC 7523, section 3): signature, issuer, audience, times, and that they name a user. */
export class AssertionVerifier {
  readonly #issuers: ReadonlyMap<string, TrustedIssuer & { readonly keys: JWTVerifyGetKey }>;

  constructor(issuers: readonly TrustedIssuer[]) {
    this.#issuers = new Map(
      issuers.map((trusted) => [
        trusted.issuer,
        { ...trusted, keys: createRemoteJWKSet(new URL(trusted.jwksUri)) },
      ]),
    );
  }

  /** Returns the email address of the user. @throws Error that says what is wrong with the assertion */
  async verify(assertion: string): Promise<string> {
    const trusted = this.#issuers.get(decodeJwt(assertion).iss ?? '');
    if (trusted === undefined) {
      throw new Error('No trusted issuer made this assertion.');
    }
    const { issuer, audience, keys } = trusted;
    const { payload } = await jwtVerify(assertion, keys, { issuer, audience, requiredClaims: ['exp'] });
    if (typeof payload['email'] !== 'string') {
      throw new Error('The assertion names nobody: it has no email.');
    }
    return payload['email'];
  }
}
