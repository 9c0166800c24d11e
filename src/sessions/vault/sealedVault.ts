import { createCipheriv, createDecipheriv } from 'node:crypto';

import * as v from 'valibot';

import type { Event } from '../../common/event.ts';
import type { Random } from '../../common/random.ts';
import type { RegisteredClient } from '../../flows/tokens.ts';
import type { SessionTokens } from '../session.ts';
import { registeredClientSchema, sessionTokensSchema, signOutSchema } from '../sessionSchemas.ts';
import type { SealedFiles } from './sealedFolder.ts';
import { SealingKey } from './sealingKey.ts';
import type { Key, SealingKeyParts } from './sealingKey.ts';
import type { Vault } from './vault.ts';

const REGISTRATION = 'registration-';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
/** GCM's full length: a shorter tag is easier to forge (NIST SP 800-38D, appendix C). */
const TAG_BYTES = 16;

const bytes = v.pipe(
  v.string(),
  v.base64(),
  v.transform((text) => Buffer.from(text, 'base64')),
);
const bytesOf = (length: number) =>
  v.pipe(
    bytes,
    v.check((value) => value.length === length),
  );

const recordSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ keyId: v.string(), nonce: bytesOf(NONCE_BYTES), tag: bytesOf(TAG_BYTES), sealed: bytes }),
);

/**
 * A {@link Vault} for the browser, where SecretStorage is a copy of each tab's own, saved whole by whichever writes:
 * it holds one random key, written once, and the records are in a shared folder, sealed with it (AES-256-GCM, the
 * record's name authenticated). So every tab sees every refresh, and no refresh rewrites what other extensions keep.
 */
export class SealedVault implements Vault {
  readonly #files: SealedFiles;
  readonly #random: Random;
  readonly #key: SealingKey;
  /** This window lacks the key, and a reload would bring it. Fires once. */
  readonly onNeedsReload: Event<void>;

  constructor(parts: SealingKeyParts) {
    this.#files = parts.files;
    this.#random = parts.random;
    this.#key = new SealingKey(parts);
    this.onNeedsReload = this.#key.onNeedsReload;
  }

  /**
   * To be called before a sign-in, whose tokens could not be kept otherwise.
   * @throws VaultNeedsReload when this window lacks the key that another one has made
   */
  async prepare(): Promise<void> {
    await this.#key.forWriting();
  }

  readTokens(sessionId: string): Promise<SessionTokens | undefined> {
    return this.#read(`session-${sessionId}`, sessionTokensSchema);
  }

  writeTokens(sessionId: string, tokens: SessionTokens): Promise<void> {
    return this.#write(`session-${sessionId}`, tokens);
  }

  deleteTokens(sessionId: string): Promise<void> {
    return this.#files.remove(`session-${sessionId}`);
  }

  readSignOut(sessionId: string): Promise<number | undefined> {
    return this.#read(`session-${sessionId}`, signOutSchema);
  }

  writeSignOut(sessionId: string, signedOutAt: number): Promise<void> {
    return this.#write(`session-${sessionId}`, { signedOutAt });
  }

  readRegistration(key: string): Promise<RegisteredClient | undefined> {
    return this.#read(`${REGISTRATION}${key}`, registeredClientSchema);
  }

  writeRegistration(key: string, client: RegisteredClient): Promise<void> {
    return this.#write(`${REGISTRATION}${key}`, client);
  }

  deleteRegistration(key: string): Promise<void> {
    return this.#files.remove(`${REGISTRATION}${key}`);
  }

  async registrationKeys(): Promise<readonly string[]> {
    const names = await this.#files.names();
    return names
      .filter((name) => name.startsWith(REGISTRATION))
      .map((name) => name.slice(REGISTRATION.length));
  }

  async #read<T>(name: string, schema: v.GenericSchema<unknown, T>): Promise<T | undefined> {
    const text = await this.#files.read(name);
    const record = v.safeParse(recordSchema, text);
    if (!record.success) {
      return undefined;
    }
    const key = await this.#key.read();
    if (key?.id !== record.output.keyId) {
      await this.#key.checkReload();
      return undefined;
    }
    const plain = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), unseal(name, record.output, key));
    return plain.success ? plain.output : undefined;
  }

  async #write(name: string, value: object): Promise<void> {
    const key = await this.#key.forWriting();
    const nonce = this.#random.bytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key.value, nonce, { authTagLength: TAG_BYTES }).setAAD(
      Buffer.from(name),
    );
    const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
    const record = {
      keyId: key.id,
      nonce: Buffer.from(nonce).toString('base64'),
      tag: cipher.getAuthTag().toString('base64'),
      sealed: sealed.toString('base64'),
    };
    await this.#files.write(name, JSON.stringify(record));
  }

  dispose(): void {
    this.#key.dispose();
  }
}

/** `undefined` when somebody has tampered with the record, or put it under another name. */
function unseal(name: string, record: v.InferOutput<typeof recordSchema>, key: Key): string | undefined {
  try {
    const decipher = createDecipheriv(CIPHER, key.value, record.nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(name))
      .setAuthTag(record.tag);
    return Buffer.concat([decipher.update(record.sealed), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
