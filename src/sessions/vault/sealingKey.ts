import { createHash } from 'node:crypto';

import * as v from 'valibot';

import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import { Emitter } from '../../common/event.ts';
import { time } from '../../common/jsonSchemas.ts';
import type { Locks } from '../../common/locks/locks.ts';
import type { Random } from '../../common/random.ts';
import { l10n, WordedError } from '../../common/words.ts';
import type { SealedFiles } from './sealedFolder.ts';
import type { SecretStore } from './secretVault.ts';
import { VaultNeedsReload } from './vault.ts';

export interface SealingKeyParts {
  readonly secrets: SecretStore;
  readonly files: SealedFiles;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly random: Random;
}

/** What records are sealed with. */
export interface Key {
  /** Derived from the value; not secret. */
  readonly id: string;
  readonly value: Uint8Array;
}

const KEY_SECRET = 'vault-key';
const KEY_FILE = 'key.json';
const KEY_LOCK = 'vault-key';
const KEY_WAIT_MS = 3000;
const KEY_BYTES = 32;

/** Which key the records are sealed with, and since when: nothing secret. */
const keyNoteSchema = v.pipe(v.string(), v.parseJson(), v.object({ keyId: v.string(), createdAt: time }));

/**
 * The one key that all windows seal their records with, in the secret storage. A note beside the records says which it
 * is: a window whose copy of the storage lacks the key learns from it that another window has made one.
 */
export class SealingKey implements Disposable {
  readonly #secrets: SecretStore;
  readonly #files: SealedFiles;
  readonly #locks: Locks;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #openedAt: number;
  readonly #needsReload = new Emitter<void>();
  #isReported = false;
  /** This window lacks the key, and a reload would bring it. Fires once. */
  readonly onNeedsReload = this.#needsReload.event;

  constructor({ secrets, files, locks, clock, random }: SealingKeyParts) {
    this.#secrets = secrets;
    this.#files = files;
    this.#locks = locks;
    this.#clock = clock;
    this.#random = random;
    this.#openedAt = clock.now();
  }

  /** `undefined` where this window has none. */
  async read(): Promise<Key | undefined> {
    const value = Buffer.from((await this.#secrets.get(KEY_SECRET)) ?? '', 'base64');
    return value.length === KEY_BYTES ? { id: keyId(value), value } : undefined;
  }

  /**
   * The key that all windows use; made here when there is none, or when it is lost for good.
   * @throws VaultNeedsReload when this window lacks the key that another one has made
   * @throws WordedError when another window keeps it locked
   */
  async forWriting(): Promise<Key> {
    const lock = await this.#locks.acquire(KEY_LOCK, KEY_WAIT_MS);
    if (lock === undefined) {
      throw new WordedError(l10n.t('Another window is using secret storage. Try again.'));
    }
    try {
      const key = await this.read();
      if (key !== undefined && key.id === (await this.#readNote())?.keyId) {
        return key;
      }
      await this.checkReload();
      return key === undefined ? await this.#make() : await this.#note(key);
    } finally {
      lock.dispose();
    }
  }

  /**
   * To be called where the key is not the one needed. A window that has the latest key, or was opened after that was
   * made, would not find another one by reloading either.
   * @throws VaultNeedsReload where a reload would bring it
   */
  async checkReload(): Promise<void> {
    const note = await this.#readNote();
    if (note === undefined || note.createdAt < this.#openedAt || note.keyId === (await this.read())?.id) {
      return;
    }
    if (!this.#isReported) {
      this.#isReported = true;
      this.#needsReload.fire();
    }
    throw new VaultNeedsReload();
  }

  async #make(): Promise<Key> {
    const value = this.#random.bytes(KEY_BYTES);
    await this.#secrets.store(KEY_SECRET, Buffer.from(value).toString('base64'));
    return this.#note({ id: keyId(value), value });
  }

  async #note(key: Key): Promise<Key> {
    await this.#files.write(KEY_FILE, JSON.stringify({ keyId: key.id, createdAt: this.#clock.now() }));
    return key;
  }

  async #readNote(): Promise<v.InferOutput<typeof keyNoteSchema> | undefined> {
    const note = v.safeParse(keyNoteSchema, await this.#files.read(KEY_FILE));
    return note.success ? note.output : undefined;
  }

  dispose(): void {
    this.#needsReload.dispose();
  }
}

function keyId(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 16);
}
