import type { Session } from '../../../src/sessions/session.ts';

/** A session of Jane's at the connection "acme", signed in with the scope for accounts and roles. */
export function janesSession(changes: Partial<Session> = {}): Session {
  return {
    id: 'acme',
    account: { id: 'jane', label: 'jane' },
    connection: { name: 'acme', startUrl: 'https://acme.awsapps.com/start', region: 'eu-west-1' },
    scopes: ['sso:account:access'],
    signedInAt: 1,
    generation: 1,
    state: { kind: 'signedIn', issuedAt: 1, expiresAt: 2e12, refreshable: true },
    ...changes,
  };
}
