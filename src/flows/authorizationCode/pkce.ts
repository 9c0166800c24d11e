import { createHash } from 'node:crypto';

import type { Random } from '../../common/random.ts';

/** A proof key for one authorization (RFC 7636, section 4). */
export interface ProofKey {
  /** Stays here until the code is exchanged. */
  readonly codeVerifier: string;
  /** Goes to the browser. The method is always S256. */
  readonly codeChallenge: string;
}

/** Makes one from 48 random bytes: a verifier of 64 characters of the alphabet of section 4.1. */
export function proofKey(random: Random): ProofKey {
  const codeVerifier = Buffer.from(random.bytes(48)).toString('base64url');
  return { codeVerifier, codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url') };
}
