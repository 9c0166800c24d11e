import assert from 'node:assert/strict';

import { systemClock } from '../../../src/common/clock.ts';
import { systemRandom } from '../../../src/common/random.ts';
import { inEnglish } from '../../../src/common/words.ts';
import { oidcEndpoint } from '../../../src/connections/connection.ts';
import type { InteractiveConnection } from '../../../src/connections/connection.ts';
import type { RegistrationCache } from '../../../src/flows/clientRegistration.ts';
import type { Interaction } from '../../../src/flows/flow.ts';
import type { RegisteredClient } from '../../../src/flows/tokens.ts';
import { SsoOidcClient } from '../../../src/oidc/client.ts';

export const SCOPES = ['sso:account:access'];

export class MemoryRegistrations implements RegistrationCache {
  readonly clients = new Map<string, RegisteredClient>();

  async read(key: string): Promise<RegisteredClient | undefined> {
    return this.clients.get(key);
  }

  async write(key: string, client: RegisteredClient): Promise<void> {
    this.clients.set(key, client);
  }
}

export function oidcClient(connection: InteractiveConnection): SsoOidcClient {
  return new SsoOidcClient({ endpoint: oidcEndpoint(connection) });
}

/** What the flows stand on, all of it real but the registrations' place. */
export function flowContext(registrations: RegistrationCache = new MemoryRegistrations()) {
  return { oidcClient, registrations, clock: systemClock, random: systemRandom, localize: inEnglish };
}

/** A user who does what is written, and is surprised by everything else. */
export function scriptedUser(reactions: Partial<Interaction>): Interaction {
  return {
    showUserCode: () => assert.fail('no code should be shown'),
    showBrowserSignIn: () => assert.fail('no browser should be opened'),
    showTrouble: () => undefined,
    ...reactions,
  };
}
