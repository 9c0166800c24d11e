import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { listen } from '../support/listen.ts';
import type { TrustedIssuer } from './assertions.ts';

/** Another identity provider, whose tokens can be exchanged: it signs, and shows its keys. */
export interface TokenIssuer extends TrustedIssuer {
  /** A token for the audience that lives five minutes; `claims` and `expiresAt` (seconds) may say otherwise. */
  issue(claims: JWTPayload, expiresAt?: number): Promise<string>;
  close(): Promise<void>;
}

const KEY_ID = 'the only one';

/** Starts one on 127.0.0.1. */
export async function startTokenIssuer(audience = 'the application'): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'ES256', use: 'sig' }];
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/jwk-set+json' }).end(JSON.stringify({ keys }));
  });
  const { url, close } = await listen(server);
  const issuer = url.origin;
  return {
    issuer,
    audience,
    jwksUri: `${issuer}/keys`,
    issue: (claims, expiresAt) =>
      new SignJWT({ iss: issuer, aud: audience, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: KEY_ID })
        .setIssuedAt()
        .setExpirationTime(expiresAt ?? '5m')
        .sign(privateKey),
    close,
  };
}
