import type { BoundedQueue } from '../common/boundedQueue.ts';
import { delay } from '../common/clock.ts';
import type { Clock } from '../common/clock.ts';
import { errorCode } from '../common/log.ts';
import type { Log } from '../common/log.ts';
import type { Random } from '../common/random.ts';
import { cliCacheFileName, readCliFile, removeCliToken, writeCliToken } from './files/cliCache.ts';
import type { CliFileContent, CliToken } from './files/cliCache.ts';
import { findCliRegistration } from './files/cliRegistration.ts';
import type { CliRegistration } from './files/cliRegistration.ts';
import { removeCliRoleCredentials } from './files/cliRoleCredentials.ts';
import type { CliKey } from '../connections/awsConfig/awsConfig.ts';
import type { InteractiveConnection } from '../connections/connection.ts';
import { clearRecord, readRecord, writeRecord } from './cliRecord.ts';
import type { CliRecord, RecordFile } from './cliRecord.ts';
import { descentOf } from './descent.ts';
import type { Descent } from './descent.ts';

export interface CliFilesParts {
  /** `~/.aws/sso/cache` */
  readonly folder: string;
  /** `~/.aws/cli/cache` */
  readonly roleCredentialsFolder: string;
  /** Empty where the AWS CLI cannot reach the connection's Identity Center. Never takes long. */
  readonly keysOf: (connection: InteractiveConnection) => Promise<readonly CliKey[]>;
  /** The record of the token's file of that name. */
  readonly recordFile: (name: string) => RecordFile;
  /** The names of all records. */
  readonly recordNames: () => Promise<readonly string[]>;
  /** Limits how long the files may take. Shared with whoever else reads in the home folder. */
  readonly disk: BoundedQueue;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What a file of the AWS CLI holds, as far as our sign-ins are concerned. */
export type CliFileState = Exclude<CliFileContent['kind'], 'token'> | Descent;

/** One of the AWS CLI's files, what is in it, and what of it is ours. */
export interface CliFile {
  readonly name: string;
  readonly content: CliFileContent;
  readonly record: CliRecord | undefined;
  readonly state: CliFileState;
}

/** One of the connection's own files: those in which AWS's tools look for its token. */
export interface KeyedCliFile extends CliFile {
  readonly key: CliKey;
}

/** How often a file is read again that another tool is writing, and after how many milliseconds. */
const MAX_READS = 6;
const READ_PAUSE_MS = 50;
/** A file that has been unreadable for this long is not being written any more; nor is one from the future. In milliseconds. */
const WRITING_MS = 60_000;

/** The AWS CLI's token files and our records of them. Nothing here ever rejects: the log has what failed. */
export class CliFiles {
  readonly #parts: CliFilesParts;

  constructor(parts: CliFilesParts) {
    this.#parts = parts;
  }

  /** The connection's files, the most used one first; none where there are none to have, or the disk does not answer. */
  async open(connection: InteractiveConnection): Promise<readonly KeyedCliFile[]> {
    return this.#openUntil(connection, () => false);
  }

  /** One after the other: a file that another tool is writing holds up nobody who has found another one. */
  async #openUntil(
    connection: InteractiveConnection,
    isFound: (file: CliFile) => boolean,
  ): Promise<readonly KeyedCliFile[]> {
    const keys = await this.#unlessFailing('find AWS CLI profile', this.#parts.keysOf(connection));
    const open = async (): Promise<readonly KeyedCliFile[]> => {
      const files: KeyedCliFile[] = [];
      for (const key of keys ?? []) {
        const file = await this.#read(cliCacheFileName(key.cacheKey));
        files.push({ ...file, key });
        if (isFound(file)) {
          break;
        }
      }
      return files;
    };
    return (await this.#attempt('read AWS CLI token', open)) ?? [];
  }

  /** As `open`, for the files of which there is a record, or one that `isWanted`: no other one is waited for then. */
  async openRecorded(isWanted?: (record: CliRecord) => boolean): Promise<readonly CliFile[]> {
    const openWanted = async (name: string): Promise<readonly CliFile[]> => {
      const record = isWanted && (await readRecord(this.#parts.recordFile(name)));
      return isWanted === undefined || (record !== undefined && isWanted(record))
        ? [await this.#read(name)]
        : [];
    };
    const open = async (): Promise<readonly CliFile[]> =>
      (await Promise.all((await this.#parts.recordNames()).map(openWanted))).flat();
    return (await this.#attempt('read AWS CLI tokens', open)) ?? [];
  }

  /**
   * The connection's files, then the other recorded ones: the AWS CLI's configuration may have changed since, or be
   * unreadable for the moment.
   */
  async openAll(connection: InteractiveConnection): Promise<readonly CliFile[]> {
    const own = await this.open(connection);
    const names = new Set(own.map(({ name }) => name));
    return [...own, ...(await this.openRecorded()).filter(({ name }) => !names.has(name))];
  }

  /** The first of all that `isWanted`. */
  async find(
    connection: InteractiveConnection,
    isWanted: (file: CliFile) => boolean,
  ): Promise<CliFile | undefined> {
    const own = await this.#openUntil(connection, isWanted);
    return own.find(isWanted) ?? (await this.openRecorded()).find(isWanted);
  }

  /** The file as it is now. */
  async reopen({ name }: CliFile): Promise<CliFile | undefined> {
    return this.#attempt('read AWS CLI token', () => this.#read(name));
  }

  async #read(name: string): Promise<CliFile> {
    const { recordFile } = this.#parts;
    // The record is written before the file, and so is read after it: a token of ours is never without its record.
    const content = await this.#readContent(name);
    const record = await readRecord(recordFile(name));
    return { name, content, record, state: stateOf(content, record) };
  }

  /** Some tools write in place, and what is half there is there a moment later. */
  async #readContent(name: string): Promise<CliFileContent> {
    const { folder, clock } = this.#parts;
    let content = await readCliFile(folder, name);
    for (let reads = 1; content.kind === 'unreadable' && reads < MAX_READS; reads += 1) {
      if (Math.abs(clock.now() - content.writtenAt) > WRITING_MS) {
        return { kind: 'none' };
      }
      await delay(clock, READ_PAUSE_MS * reads);
      content = await readCliFile(folder, name);
    }
    return content;
  }

  /** The AWS CLI's own registration of the client. Where the disk does not answer, there may be one. */
  async registrationOf(clientId: string): Promise<CliRegistration | 'none'> {
    const find = async (): Promise<CliRegistration | 'none'> =>
      (await findCliRegistration(this.#parts.folder, clientId)) ?? 'none';
    return (await this.#attempt('read AWS CLI registrations', find)) ?? {};
  }

  /** @returns whether it is noted */
  async note({ name }: CliFile, record: CliRecord): Promise<boolean> {
    return this.#did('note AWS CLI token', () => writeRecord(this.#parts.recordFile(name), record));
  }

  /** Forgets what the file and our sessions had in common. */
  async forget({ name, record }: CliFile): Promise<void> {
    if (record !== undefined) {
      await this.#attempt('forget AWS CLI token', () => clearRecord(this.#parts.recordFile(name)));
    }
  }

  /** Gives the AWS CLI this token. @returns whether it has it */
  async write(file: CliFile, token: CliToken, record: CliRecord): Promise<boolean> {
    const { folder, random } = this.#parts;
    const write = async (): Promise<void> => {
      // The record goes first: a file without one would be offered as a sign-in of the AWS CLI's own.
      await writeRecord(this.#parts.recordFile(file.name), record);
      await writeCliToken(folder, file.name, token, random);
    };
    return this.#did('share with AWS CLI', write);
  }

  /** Takes the token from the AWS CLI, and what it has obtained with it. */
  async remove(file: CliFile): Promise<void> {
    const { folder, roleCredentialsFolder } = this.#parts;
    const remove = async (): Promise<void> => {
      await removeCliToken(folder, file.name);
      await removeCliRoleCredentials(roleCredentialsFolder);
    };
    // Without the record nobody would try again.
    if (await this.#did('remove AWS CLI token', remove)) {
      await this.forget(file);
    }
  }

  async #did(operation: string, work: () => Promise<void>): Promise<boolean> {
    const done = await this.#attempt(operation, () => work().then(() => true));
    return done === true;
  }

  /** The disk may hang, and a sign-in or a refresh must not hang with it. */
  #attempt<T>(operation: string, work: () => Promise<T>): Promise<T | undefined> {
    return this.#unlessFailing(operation, this.#parts.disk.run(work));
  }

  /** A failure of this is worth a line in the log, never a sign-in or a refresh. */
  async #unlessFailing<T>(operation: string, work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      this.#parts.log.warn({ operation, outcome: 'failed', code: errorCode(error) });
      return undefined;
    }
  }
}

function stateOf(content: CliFileContent, record: CliRecord | undefined): CliFileState {
  if (content.kind !== 'token') {
    return content.kind;
  }
  return record === undefined ? 'another' : descentOf(content.token, content.writtenAt, record);
}
