import type { Clock } from '../common/clock.ts';
import type { InteractiveConnection } from '../connections/connection.ts';
import type { IssuedTokens } from '../flows/tokens.ts';
import { RefreshHeldError } from '../sessions/tokenService.ts';
import type { Renewal } from '../sessions/tokenService.ts';
import type { CliFile, CliFiles } from './cliFiles.ts';
import type { CliQuestions } from './cliQuestions.ts';
import { updateCopies } from './cliCopies.ts';
import { recordOf, withConfirmed, withQuestion } from './cliRecord.ts';
import { aheadOfCli, cliTokenOf, issuedByCli } from './cliTokens.ts';
import type { RenewableCliToken } from './cliTokens.ts';
import { answerBefore, isAbout, renewableOf, withHeld } from './fileRenewal.ts';
import type { ClientRenewal, RecordedCliFile } from './fileRenewal.ts';

interface CliRefreshParts {
  readonly files: CliFiles;
  readonly questions: CliQuestions;
  readonly isEnabled: () => boolean;
  /** A token was written that the user wants to be shared. */
  readonly onShared: () => void;
  /** The user has said whose the AWS CLI's sign-in is: the refresh that waited for it can go on. */
  readonly onAnswered: (connection: InteractiveConnection) => void;
  readonly clock: Clock;
}

type Send = (renewal: Renewal) => Promise<IssuedTokens>;

/** What the AWS CLI has refreshed is taken over as long as it has more left than this. In milliseconds. */
const FRESH_MS = 15 * 60_000;

/**
 * Refreshes what the AWS CLI holds too. A refresh token may be for single use, and the AWS CLI refreshes by itself
 * what is in its file: so before a refresh token is sent the file is read, and what the AWS CLI has obtained with it
 * is taken over; afterwards the AWS CLI gets the new token, also where sharing is off and the sign-in is its own.
 */
export class CliRefresh {
  readonly #parts: CliRefreshParts;

  constructor(parts: CliRefreshParts) {
    this.#parts = parts;
  }

  /**
   * @throws RefreshHeldError where only the user can say whose the AWS CLI's sign-in is, or its file is half written;
   * what `send` throws
   */
  async refresh(
    connection: InteractiveConnection,
    renewal: ClientRenewal,
    send: Send,
  ): Promise<IssuedTokens> {
    const file = await this.#open(connection, renewal);
    const saved = file && answerBefore(file, renewal);
    if (saved !== undefined) {
      return this.#takeOver(connection, saved.file, saved.token, renewal);
    }
    if (file === undefined || !isAbout(file, renewal)) {
      return this.#send(connection, renewal, renewal, send);
    }
    const theirs = file.state === 'refreshed' ? renewableOf(file) : undefined;
    if (theirs !== undefined && theirs.expiresAt - this.#parts.clock.now() > FRESH_MS) {
      return this.#takeOver(connection, file, theirs, renewal);
    }
    await this.#holdWhereUnclear(connection, file, false);
    const latest = { ...renewal, refreshToken: (theirs?.renewal ?? renewal).refreshToken };
    return this.#send(connection, renewal, latest, send);
  }

  async #open(connection: InteractiveConnection, renewal: ClientRenewal): Promise<CliFile | undefined> {
    const file = await this.#parts.files.find(
      connection,
      (known) =>
        isAbout(withHeld(known, connection, renewal), renewal) || answerBefore(known, renewal) !== undefined,
    );
    return file && withHeld(file, connection, renewal);
  }

  async #send(
    connection: InteractiveConnection,
    known: ClientRenewal,
    latest: ClientRenewal,
    send: Send,
  ): Promise<IssuedTokens> {
    let issued: IssuedTokens;
    try {
      issued = await send(latest);
    } catch (error) {
      const file = await this.#open(connection, known);
      if (file === undefined || !isAbout(file, known)) {
        throw error;
      }
      // The AWS CLI may have been a moment quicker.
      const quicker = file.state === 'refreshed' ? renewableOf(file) : undefined;
      if (quicker !== undefined && quicker.renewal.refreshToken !== latest.refreshToken) {
        return this.#takeOver(connection, file, quicker, known);
      }
      await this.#holdWhereUnclear(connection, file, true);
      throw error;
    }
    // Without a new one in the answer the old one stays in force (RFC 6749, section 6): for the AWS CLI too.
    const whole = { ...latest, ...issued };
    const told = await this.#tell(connection, known, latest.refreshToken, whole);
    await updateCopies(this.#parts, connection, known.refreshToken, whole);
    return told;
  }

  async #takeOver(
    connection: InteractiveConnection,
    file: RecordedCliFile,
    theirs: RenewableCliToken,
    { client, refreshToken }: ClientRenewal,
  ): Promise<IssuedTokens> {
    await this.#parts.files.note(file, recordOf(theirs, file.record));
    const issued = { ...issuedByCli(theirs, this.#parts.clock.now()), client };
    await updateCopies(this.#parts, connection, refreshToken, issued);
    return file.record.isClientReused ? aheadOfCli(issued) : issued;
  }

  /** Gives the AWS CLI what has become of the token in its file. A sign-in of its own is left as it is. */
  async #tell(
    connection: InteractiveConnection,
    known: ClientRenewal,
    spent: string,
    issued: IssuedTokens,
  ): Promise<IssuedTokens> {
    const { files, isEnabled, onShared } = this.#parts;
    const file = await this.#open(connection, known);
    if (file === undefined || !isAbout(file, known)) {
      return issued;
    }
    const { record, state } = file;
    const written = { ...connection, startUrl: record.connection.startUrl };
    const token = cliTokenOf(written, issued);
    const next = recordOf(token, { ...record, connection: written }, spent);
    const isShared = record.origin === 'shared';
    const isOurs = state === 'same' || state === 'refreshed';
    if (isOurs && isShared && !isEnabled()) {
      await files.remove(file);
    } else if (isOurs || (state === 'none' && isEnabled())) {
      const isWritten = await files.write(
        file,
        token,
        state === 'none' ? { ...next, origin: 'shared' } : next,
      );
      if (isWritten && isShared) {
        onShared();
      }
    } else if (state === 'unreadable') {
      await files.note(file, next);
    } else if (state !== 'unclear' || renewableOf(file) !== undefined) {
      await files.forget(file);
    }
    return record.isClientReused ? aheadOfCli(issued) : issued;
  }

  /** Neither takes over what may be another user's, nor sends what may be spent. */
  async #holdWhereUnclear(
    connection: InteractiveConnection,
    file: RecordedCliFile,
    isSent: boolean,
  ): Promise<void> {
    if (file.state === 'unreadable') {
      throw new RefreshHeldError('awsCliFileUnfinished', isSent);
    }
    const theirs = file.state === 'unclear' ? renewableOf(file) : undefined;
    if (theirs === undefined) {
      return;
    }
    const asked = withQuestion(file.record, theirs.accessToken, this.#parts.clock.now());
    if (asked !== undefined) {
      await this.#parts.files.note(file, asked);
      void this.#ask(connection, file, theirs.accessToken);
    }
    throw new RefreshHeldError('awsCliSignInUnclear', isSent);
  }

  async #ask(connection: InteractiveConnection, asked: CliFile, accessToken: string): Promise<void> {
    const { files, questions, onAnswered } = this.#parts;
    const isSame = await questions.isSameUser(connection.name);
    const file = await files.reopen(asked);
    const isAsAsked = file?.content.kind === 'token' && file.content.token.accessToken === accessToken;
    if (isSame === undefined) {
      return;
    }
    // What came there after the question is another question.
    if (file?.record !== undefined && isAsAsked) {
      await (isSame ? files.note(file, withConfirmed(file.record, accessToken)) : files.forget(file));
    }
    onAnswered(connection);
  }
}
