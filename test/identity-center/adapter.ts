import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Clock } from '../../src/common/clock.ts';

/**
 * Everything the engine remembers, in memory and for as long as the server lives. The engine's own store keeps
 * the latest 1,000 entries only, and an evicted token would look like a sign-out.
 */
export class MemoryStore {
  readonly #models = new Map<string, Map<string, AdapterPayload>>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The entries of one of the engine's models, such as `AccessToken` or `Client`, by id. */
  entries(model: string): Map<string, AdapterPayload> {
    let entries = this.#models.get(model);
    if (entries === undefined) {
      entries = new Map();
      this.#models.set(model, entries);
    }
    return entries;
  }

  /** The adapter the engine asks for once per model (oidc-provider's `adapter` setting). */
  readonly adapter = (model: string): Adapter => {
    const entries = this.entries(model);
    const first = (matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined =>
      [...entries.values()].find((payload) => matches(payload));
    return {
      upsert: async (id, payload) => void entries.set(id, payload),
      find: async (id) => this.#unlessLapsed(entries.get(id)),
      findByUserCode: async (userCode) => first((payload) => payload.userCode === userCode),
      findByUid: async (uid) => first((payload) => payload.uid === uid),
      consume: async (id) => {
        const payload = entries.get(id);
        if (payload !== undefined) {
          payload.consumed = Math.floor(this.#clock.now() / 1000);
        }
      },
      destroy: async (id) => void entries.delete(id),
      revokeByGrantId: async (grantId) => {
        for (const [id, payload] of entries) {
          if (payload.grantId === grantId) {
            entries.delete(id);
          }
        }
      },
    };
  };

  /** A registration past its end is unknown everywhere; the engine would still show its name to the user. */
  #unlessLapsed(payload: AdapterPayload | undefined): AdapterPayload | undefined {
    const expiresAt = payload?.client_secret_expires_at;
    const lapsed = expiresAt !== undefined && expiresAt !== 0 && expiresAt * 1000 <= this.#clock.now();
    return lapsed ? undefined : payload;
  }
}
