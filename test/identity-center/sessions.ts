import type { Provider } from 'oidc-provider';
import type { MemoryStore } from './adapter.ts';

type AccessToken = InstanceType<Provider['AccessToken']>;

/** The engine's grants and tokens as an administrator sees them: as sessions that are alive or revoked. */
export class Sessions {
  readonly #engine: Provider;
  readonly #store: MemoryStore;

  constructor(engine: Provider, store: MemoryStore) {
    this.#engine = engine;
    this.#store = store;
  }

  /** The live access token with this value. */
  async find(accessToken: string | undefined): Promise<AccessToken | undefined> {
    return accessToken === undefined ? undefined : this.#engine.AccessToken.find<AccessToken>(accessToken);
  }

  /** Ends the session that `token`, an access or a refresh token, belongs to, with all its tokens. */
  async revoke(token: string): Promise<void> {
    const grantId =
      this.#store.entries('AccessToken').get(token)?.grantId ??
      this.#store.entries('RefreshToken').get(token)?.grantId;
    if (grantId === undefined) {
      throw new Error('No session has this token.');
    }
    // Refresh tokens stand on their grant; access tokens do not.
    await this.#engine.Grant.adapter.destroy(grantId);
    await this.#engine.AccessToken.revokeByGrantId(grantId);
  }

  /** Ends every session. */
  revokeAll(): void {
    this.#store.entries('Grant').clear();
    this.#store.entries('AccessToken').clear();
  }
}
