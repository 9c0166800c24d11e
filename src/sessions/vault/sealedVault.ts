import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

import * as v from 'valibot';

import type { Clock } from '../../common/clock.ts';
import { Emitter } from '../../common/event.ts';
import type { Random } from '../../common/random.ts';
import { phrase, WordedError } from '../../common/words.ts';
import type { RegisteredClient } from '../../flows/tokens.ts';
import type { Locks } from '../../common/locks/locks.ts';
import type { SecretStore } from './secretVault.ts';
import type { SessionTokens } from '../session.ts';
import { registeredClientSchema, sessionTokensSchema } from '../sessionSchemas.ts';
import { VaultNeedsReload } from './vault.ts';
import type { Vault } from './vault.ts';

/** A folder that all windows share. Files are replaced whole. */
export interface SealedFiles {
  read(name: string): Promise<string | undefined>;
  write(name: string, text: string): Promise<void>;
  remove(name: string): Promise<void>;
  names(): Promise<readonly string[]>;
}

interface SealedVaultParts {
  readonly secrets: SecretStore;
  readonly files: SealedFiles;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly random: Random;
}

const KEY_SECRET = 'vault-key';
const KEY_FILE = 'key.json';
const KEY_LOCK = 'vault-key';
const KEY_WAIT_MS = 3000;
const REGISTRATION = 'registration-';
const KEY_BYTES = 32;
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

/** Which key the records are sealed with, and since when: nothing secret. */
const keyNoteSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ keyId: v.string(), createdAt: v.pipe(v.number(), v.finite()) }),
);

const recordSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ keyId: v.string(), nonce: bytesOf(NONCE_BYTES), tag: bytesOf(TAG_BYTES), sealed: bytes }),
);

interface Key {
  readonly id: string;
  readonly value: Uint8Array;
}

/**
 * A {@link Vault} for the browser, where SecretStorage is a copy of each tab's own, saved whole by whichever writes:
 * it holds one random key, written once, and the records lie in a shared folder, sealed with it (AES-256-GCM, the
 * record's name authenticated). So every tab sees every refresh, and no refresh rewrites what other extensions keep.
 */
export class SealedVault implements Vault {
  readonly #parts: SealedVaultParts;
  readonly #openedAt: number;
  readonly #needsReload = new Emitter<void>();
  #told = false;
  /** This window lacks the key, and a reload would bring it. Told once. */
  readonly onNeedsReload = this.#needsReload.event;

  constructor(parts: SealedVaultParts) {
    this.#parts = parts;
    this.#openedAt = parts.clock.now();
  }

  /**
   * To be called before a sign-in, whose tokens could not be kept otherwise.
   * @throws VaultNeedsReload when this window lacks the key that another one has made
   */
  async prepare(): Promise<void> {
    await this.#keyForWriting();
  }

  readTokens(sessionId: string): Promise<SessionTokens | undefined> {
    return this.#read(`session-${sessionId}`, sessionTokensSchema);
  }

  writeTokens(sessionId: string, tokens: SessionTokens): Promise<void> {
    return this.#write(`session-${sessionId}`, tokens);
  }

  deleteTokens(sessionId: string): Promise<void> {
    return this.#parts.files.remove(`session-${sessionId}`);
  }

  readRegistration(key: string): Promise<RegisteredClient | undefined> {
    return this.#read(`${REGISTRATION}${key}`, registeredClientSchema);
  }

  writeRegistration(key: string, client: RegisteredClient): Promise<void> {
    return this.#write(`${REGISTRATION}${key}`, client);
  }

  deleteRegistration(key: string): Promise<void> {
    return this.#parts.files.remove(`${REGISTRATION}${key}`);
  }

  async registrationKeys(): Promise<readonly string[]> {
    const names = await this.#parts.files.names();
    return names
      .filter((name) => name.startsWith(REGISTRATION))
      .map((name) => name.slice(REGISTRATION.length));
  }

  async #read<T>(name: string, schema: v.GenericSchema<unknown, T>): Promise<T | undefined> {
    const text = await this.#parts.files.read(name);
    const record = v.safeParse(recordSchema, text);
    if (!record.success) {
      return undefined;
    }
    const key = await this.#key();
    if (key?.id !== record.output.keyId) {
      await this.#checkReload();
      return undefined;
    }
    const plain = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), unseal(name, record.output, key));
    return plain.success ? plain.output : undefined;
  }

  async #write(name: string, value: object): Promise<void> {
    const key = await this.#keyForWriting();
    const nonce = this.#parts.random.bytes(NONCE_BYTES);
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
    await this.#parts.files.write(name, JSON.stringify(record));
  }

  async #key(): Promise<Key | undefined> {
    const value = Buffer.from((await this.#parts.secrets.get(KEY_SECRET)) ?? '', 'base64');
    return value.length === KEY_BYTES ? { id: keyId(value), value } : undefined;
  }

  /** The key that all windows use; made here when there is none, or when it is gone for good. */
  async #keyForWriting(): Promise<Key> {
    const lock = await this.#parts.locks.acquire(KEY_LOCK, KEY_WAIT_MS);
    if (lock === undefined) {
      throw new WordedError(phrase('Another window keeps the key of the vault locked. Try again.'));
    }
    try {
      const key = await this.#key();
      if (key !== undefined && key.id === (await this.#note())?.keyId) {
        return key;
      }
      await this.#checkReload();
      return key === undefined ? await this.#makeKey() : await this.#noteKey(key);
    } finally {
      lock.dispose();
    }
  }

  async #makeKey(): Promise<Key> {
    const value = this.#parts.random.bytes(KEY_BYTES);
    await this.#parts.secrets.store(KEY_SECRET, Buffer.from(value).toString('base64'));
    return this.#noteKey({ id: keyId(value), value });
  }

  async #noteKey(key: Key): Promise<Key> {
    const { files, clock } = this.#parts;
    await files.write(KEY_FILE, JSON.stringify({ keyId: key.id, createdAt: clock.now() }));
    return key;
  }

  async #note(): Promise<v.InferOutput<typeof keyNoteSchema> | undefined> {
    const note = v.safeParse(keyNoteSchema, await this.#parts.files.read(KEY_FILE));
    return note.success ? note.output : undefined;
  }

  /** A window opened after the key was made, which lacks it all the same, would not find it by reloading either. */
  async #checkReload(): Promise<void> {
    const note = await this.#note();
    if (note === undefined || note.createdAt < this.#openedAt) {
      return;
    }
    if (!this.#told) {
      this.#told = true;
      this.#needsReload.fire();
    }
    throw new VaultNeedsReload();
  }

  dispose(): void {
    this.#needsReload.dispose();
  }
}

function keyId(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 16);
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
