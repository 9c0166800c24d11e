import type { Clock } from '../common/clock.ts';
import type { InteractiveConnection } from '../connections/connection.ts';
import type { IssuedTokens } from '../flows/tokens.ts';
import type { CliFiles, KeyedCliFile } from './cliFiles.ts';
import type { CliQuestions } from './cliQuestions.ts';
import { recordOf } from './cliRecord.ts';
import { aheadOfCli, isRenewable, issuedByCli } from './cliTokens.ts';
import type { RenewableCliToken } from './cliTokens.ts';
import { isTokenOf } from './descent.ts';
import { isSameSet } from './scopeSets.ts';

interface CliOfferParts {
  readonly files: CliFiles;
  readonly questions: CliQuestions;
  readonly clock: Clock;
}

/** A token with less left is not worth taking over. In milliseconds. */
const MIN_LEFT_MS = 60_000;

/** Offers the AWS CLI's own sign-in instead of another one in the browser. */
export class CliOffer {
  readonly #parts: CliOfferParts;

  constructor(parts: CliOfferParts) {
    this.#parts = parts;
  }

  /**
   * The AWS CLI's sign-in, if there is one that would do and the user wants it. From then on both hold the same
   * refresh token: without a record of that, which each refresh needs, nothing is taken over.
   * @throws what `CliQuestions.use` throws
   */
  async offer(
    connection: InteractiveConnection,
    scopes: readonly string[],
    signal: AbortSignal,
  ): Promise<IssuedTokens | undefined> {
    const { files, questions, clock } = this.#parts;
    for (let wanted: string | undefined; ;) {
      const found = await this.#find(connection, scopes);
      if (found === undefined) {
        return undefined;
      }
      const { file, token } = found;
      // While the user decides, the AWS CLI may refresh it, or sign in as somebody else.
      if (token.accessToken === wanted) {
        const written = { ...connection, startUrl: file.key.startUrl };
        const record = recordOf(token, { connection: written, origin: 'takenOver', isClientReused: true });
        return (await files.note(file, record)) ? aheadOfCli(issuedByCli(token, clock.now())) : undefined;
      }
      if (!(await questions.use(connection, token.expiresAt, signal))) {
        return undefined;
      }
      wanted = token.accessToken;
    }
  }

  async #find(
    connection: InteractiveConnection,
    scopes: readonly string[],
  ): Promise<{ readonly file: KeyedCliFile; readonly token: RenewableCliToken } | undefined> {
    for (const file of await this.#parts.files.open(connection)) {
      const token = await this.#usable(file, connection, scopes);
      if (token !== undefined) {
        return { file, token };
      }
    }
    return undefined;
  }

  async #usable(
    { content, state, key }: KeyedCliFile,
    connection: InteractiveConnection,
    scopes: readonly string[],
  ): Promise<RenewableCliToken | undefined> {
    // What came from here, or is used here already, would be one refresh token for two sessions.
    if (content.kind !== 'token' || (state !== 'another' && state !== 'unclear')) {
      return undefined;
    }
    const { token } = content;
    const isUsable =
      isRenewable(token) &&
      token.expiresAt - this.#parts.clock.now() > MIN_LEFT_MS &&
      token.renewal.registrationExpiresAt > token.expiresAt &&
      token.startUrl !== undefined &&
      token.region !== undefined &&
      isTokenOf(token, { ...connection, startUrl: key.startUrl }) &&
      isSameSet(scopes, key.scopes) &&
      (await this.#hasScopes(token, scopes));
    return isUsable ? token : undefined;
  }

  /** The configuration may have changed since the AWS CLI signed in. */
  async #hasScopes({ renewal }: RenewableCliToken, scopes: readonly string[]): Promise<boolean> {
    const registration = await this.#parts.files.registrationOf(renewal.clientId);
    return registration === 'none' || registration.scopes === undefined
      ? true
      : isSameSet(registration.scopes, scopes);
  }
}
