import type { Clock } from '../common/clock.ts';
import { errorCode } from '../common/log.ts';
import type { Log } from '../common/log.ts';
import type { InteractiveConnection } from '../connections/connection.ts';
import type { CliFile, CliFiles } from './cliFiles.ts';
import type { CliQuestions } from './cliQuestions.ts';
import { isRecorded, withQuestion } from './cliRecord.ts';
import type { CliRecord } from './cliRecord.ts';

interface CliRemovalParts {
  readonly files: CliFiles;
  readonly questions: CliQuestions;
  readonly clock: Clock;
  readonly log: Log;
}

type SignOut = (accessToken: string) => Promise<void>;

/** Takes from the AWS CLI what it has from here, or has in common with a session that is over: never more than that. */
export class CliRemoval {
  readonly #parts: CliRemovalParts;

  constructor(parts: CliRemovalParts) {
    this.#parts = parts;
  }

  /**
   * Takes the sign-in that `accessToken` belongs to. Where the AWS CLI may have refreshed it or signed in again, the
   * user decides, and nobody waits for that.
   * @param signOut ends a token at the service
   * @returns the token that the AWS CLI has made of it, which is to be ended too
   */
  async signOut(
    connection: InteractiveConnection,
    accessToken: string,
    signOut: SignOut,
  ): Promise<string | undefined> {
    const all = await this.#parts.files.openAll(connection);
    const own = all.filter(({ record }) => isRecorded(record?.accessToken, accessToken));
    for (const file of all.filter((other) => !own.includes(other) && tokenIn(other) === accessToken)) {
      await this.#parts.files.remove(file);
    }
    let renewed: string | undefined;
    for (const file of own) {
      renewed = (await this.#signOutOf(file, connection, accessToken, signOut)) ?? renewed;
    }
    return renewed;
  }

  async #signOutOf(
    file: CliFile,
    connection: InteractiveConnection,
    accessToken: string,
    signOut: SignOut,
  ): Promise<string | undefined> {
    const { files } = this.#parts;
    const theirs = tokenIn(file);
    switch (file.state) {
      case 'same':
      case 'refreshed':
        await files.remove(file);
        return theirs === accessToken ? undefined : theirs;
      case 'unclear':
        await files.forget(file);
        void this.#askToRemove(connection.name, file, signOut);
        return undefined;
      case 'unreadable':
        // What will be there in a moment nobody knows: as long as there is a record, it can be taken back.
        return undefined;
      case 'none':
      case 'foreign':
      case 'another':
        await files.forget(file);
        return undefined;
    }
  }

  async #askToRemove(connectionName: string, asked: CliFile, signOut?: SignOut): Promise<void> {
    const { files, questions, log } = this.#parts;
    const theirs = tokenIn(asked);
    const isRemoved = await questions.remove(connectionName);
    const file = await files.reopen(asked);
    // What came there after the question was not asked about.
    if (theirs === undefined || file === undefined || tokenIn(file) !== theirs) {
      return;
    }
    await (isRemoved ? files.remove(file) : files.forget(file));
    try {
      await (isRemoved ? signOut?.(theirs) : undefined);
    } catch (error) {
      const about = { operation: 'sign-out', connection: connectionName };
      log.warn({ ...about, outcome: 'signed out here only', code: errorCode(error) });
    }
  }

  /** Takes back all that was shared. Where the AWS CLI may have a sign-in of its own by now, the user decides. */
  async takeBack(): Promise<void> {
    const { files } = this.#parts;
    for (const file of await files.openRecorded()) {
      const { record, state } = file;
      if (record?.origin !== 'shared' || state === 'unreadable') {
        continue;
      }
      if (state === 'same' || state === 'refreshed') {
        await files.remove(file);
      } else if (state === 'unclear') {
        await this.#askOnceToRemove(file, record);
      } else {
        await files.forget(file);
      }
    }
  }

  /** One of the windows does. */
  async #askOnceToRemove(file: CliFile, record: CliRecord): Promise<void> {
    const asked = withQuestion(record, tokenIn(file) ?? '', this.#parts.clock.now());
    if (asked !== undefined && (await this.#parts.files.note(file, asked))) {
      void this.#askToRemove(record.connection.name, file);
    }
  }

  /**
   * Forgets that a sign-in of the AWS CLI's own was taken over.
   * @returns whether it was not: then nobody else holds the token
   */
  async release(connection: InteractiveConnection, refreshToken: string): Promise<boolean> {
    const file = (await this.#parts.files.open(connection)).find(
      ({ record }) => record?.origin === 'takenOver' && isRecorded(record.refreshToken, refreshToken),
    );
    if (file === undefined) {
      return true;
    }
    await this.#parts.files.forget(file);
    return false;
  }
}

function tokenIn({ content }: CliFile): string | undefined {
  return content.kind === 'token' ? content.token.accessToken : undefined;
}
