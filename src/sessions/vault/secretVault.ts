import * as v from 'valibot';

import type { RegisteredClient } from '../../flows/tokens.ts';
import type { SessionTokens } from '../session.ts';
import { registeredClientSchema, sessionTokensSchema, signOutSchema } from '../sessionSchemas.ts';
import type { Vault } from './vault.ts';

/** The part of VS Code's `SecretStorage` that a vault needs. */
export interface SecretStore {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

/** One that lists its keys, without reading any value. */
export interface ListedSecretStore extends SecretStore {
  keys(): PromiseLike<readonly string[]>;
}

/** A {@link Vault} in VS Code's SecretStorage, one key per session: on a desktop, the operating system's keychain. */
export class SecretVault implements Vault {
  readonly #secrets: ListedSecretStore;

  constructor(secrets: ListedSecretStore) {
    this.#secrets = secrets;
  }

  readTokens(sessionId: string): Promise<SessionTokens | undefined> {
    return this.#read(tokensKey(sessionId), sessionTokensSchema);
  }

  async writeTokens(sessionId: string, tokens: SessionTokens): Promise<void> {
    await this.#secrets.store(tokensKey(sessionId), JSON.stringify(tokens));
  }

  async deleteTokens(sessionId: string): Promise<void> {
    await this.#secrets.delete(tokensKey(sessionId));
  }

  readSignOut(sessionId: string): Promise<number | undefined> {
    return this.#read(tokensKey(sessionId), signOutSchema);
  }

  async writeSignOut(sessionId: string, signedOutAt: number): Promise<void> {
    await this.#secrets.store(tokensKey(sessionId), JSON.stringify({ signedOutAt }));
  }

  readRegistration(key: string): Promise<RegisteredClient | undefined> {
    return this.#read(registrationKey(key), registeredClientSchema);
  }

  async writeRegistration(key: string, client: RegisteredClient): Promise<void> {
    await this.#secrets.store(registrationKey(key), JSON.stringify(client));
  }

  async deleteRegistration(key: string): Promise<void> {
    await this.#secrets.delete(registrationKey(key));
  }

  async registrationKeys(): Promise<readonly string[]> {
    const prefix = registrationKey('');
    const keys = await this.#secrets.keys();
    return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }

  /** What does not parse is treated as not there: the next write replaces it. */
  async #read<T>(key: string, schema: v.GenericSchema<unknown, T>): Promise<T | undefined> {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), await this.#secrets.get(key));
    return parsed.success ? parsed.output : undefined;
  }
}

function tokensKey(sessionId: string): string {
  return `session/${sessionId}`;
}

function registrationKey(key: string): string {
  return `registration/${key}`;
}
