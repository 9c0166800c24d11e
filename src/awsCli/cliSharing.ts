import type { Disposable } from '../common/disposable.ts';
import { Emitter } from '../common/event.ts';
import { isExchangeConnection } from '../connections/connection.ts';
import type { Connection, InteractiveConnection } from '../connections/connection.ts';
import type { Flow } from '../flows/flow.ts';
import type { IssuedTokens } from '../flows/tokens.ts';
import { parseScopes } from '../sessions/scopes.ts';
import type { LiveSession } from '../sessions/session.ts';
import type { Renewal, TokenService } from '../sessions/tokenService.ts';
import { CliFiles } from './cliFiles.ts';
import type { CliFile, CliFilesParts } from './cliFiles.ts';
import { CliOffer } from './cliOffer.ts';
import type { CliQuestions } from './cliQuestions.ts';
import { isRecorded, recordOf } from './cliRecord.ts';
import { CliRefresh } from './cliRefresh.ts';
import { CliRemoval } from './cliRemoval.ts';
import { cliTokenOf, isLive } from './cliTokens.ts';
import { includesAll } from './scopeSets.ts';

export interface CliSharingParts extends CliFilesParts {
  /** Whether the user wants the AWS CLI to have the sign-ins made here. */
  readonly isEnabled: () => boolean;
  readonly questions: CliQuestions;
}

/** Reads a session with its tokens as they are now; undefined when it is over. */
type ReadSession = () => Promise<LiveSession | undefined>;

/**
 * One sign-in for the editor and the AWS CLI, in both directions. It stands around the flow and around the token
 * service, so that it acts in the one window where something happens, and it never makes either fail.
 *
 * A sign-in that the AWS CLI made itself is never overwritten or removed unless the user says so.
 */
export class CliSharing implements Disposable {
  readonly #parts: CliSharingParts;
  readonly #files: CliFiles;
  readonly #offer: CliOffer;
  readonly #refresh: CliRefresh;
  readonly #removal: CliRemoval;
  readonly #shared = new Emitter<void>();
  readonly #answered = new Emitter<InteractiveConnection>();
  /** A token was written for the AWS CLI. */
  readonly onDidShare = this.#shared.event;
  /** The user has said whose the AWS CLI's sign-in is: a refresh of this connection that was held can go on. */
  readonly onDidAnswer = this.#answered.event;

  constructor(parts: CliSharingParts) {
    this.#parts = parts;
    this.#files = new CliFiles(parts);
    const inside = { ...parts, files: this.#files };
    this.#offer = new CliOffer(inside);
    this.#refresh = new CliRefresh({
      ...inside,
      onShared: () => this.#shared.fire(),
      onAnswered: (connection) => this.#answered.fire(connection),
    });
    this.#removal = new CliRemoval(inside);
  }

  /** `flow`, after an offer to use the AWS CLI's sign-in where there is one. */
  flow(flow: Flow<InteractiveConnection>): Flow<InteractiveConnection> {
    return async (connection, scopes, interaction, signal) =>
      (await this.#offer.offer(connection, scopes, signal)) ?? flow(connection, scopes, interaction, signal);
  }

  /** `service`, which keeps the AWS CLI's file up to date where both hold the same sign-in. */
  service(service: TokenService): TokenService {
    return {
      refresh: async (connection, renewal, signal) => {
        const send = (latest: Renewal) => service.refresh(connection, latest, signal);
        return 'client' in renewal && !isExchangeConnection(connection)
          ? this.#refresh.refresh(connection, renewal, send)
          : send(renewal);
      },
      signOut: async (connection, accessToken, signal) => {
        const signOut = (token: string): Promise<void> => service.signOut(connection, token, signal);
        const renewed = isExchangeConnection(connection)
          ? undefined
          : await this.#removal.signOut(connection, accessToken, signOut);
        await Promise.all([accessToken, ...(renewed === undefined ? [] : [renewed])].map(signOut));
      },
    };
  }

  /**
   * Shares a sign-in that is kept by now. Where the AWS CLI has one of its own the user decides, and nobody waits
   * for that.
   */
  async share(read: ReadSession): Promise<void> {
    const live = await read();
    const connection = live && interactive(live.session.connection);
    const file = connection && (await this.#files.open(connection));
    if (live === undefined || connection === undefined || file === undefined) {
      return;
    }
    const isWanted = this.#isWanted(live, file.scopes);
    // What was taken over a moment ago lies there already.
    if (!isWanted || isRecorded(file.record?.accessToken, live.tokens.accessToken)) {
      return;
    }
    if (this.#isFree(file)) {
      await this.#give(file, connection, live);
    } else {
      void this.#askToReplace(connection, read);
    }
  }

  async #askToReplace(connection: InteractiveConnection, read: ReadSession): Promise<void> {
    if (await this.#parts.questions.replace(connection.name)) {
      // Meanwhile the session may be over, or have other tokens.
      const live = await read();
      const file = await this.#files.open(connection);
      if (live !== undefined && file !== undefined && this.#isWanted(live, file.scopes)) {
        await this.#give(file, connection, live);
      }
    }
  }

  /** Shares what is there already: the user has just turned it on. A sign-in of the AWS CLI's own is left alone. */
  async shareAll(reads: readonly ReadSession[]): Promise<void> {
    for (const read of reads) {
      const live = await read();
      const connection = live && interactive(live.session.connection);
      const file = connection && (await this.#files.open(connection));
      if (live !== undefined && connection !== undefined && file !== undefined) {
        // A sign-in of ours may have been shared by another window a moment ago.
        const isFree = !isLive(file.content, this.#parts.clock.now());
        if (isFree && this.#isWanted(live, file.scopes)) {
          await this.#give(file, connection, live);
        }
      }
    }
  }

  /** Takes back what was shared, whoever shared it: the user has turned it off. May be done by several windows. */
  async takeBack(): Promise<void> {
    await this.#removal.takeBack();
  }

  /**
   * Lets go of a granted sign-in that will not be kept.
   * @returns whether it should be ended at the service: not where it is the AWS CLI's own
   */
  async release(connection: Connection, { refreshToken }: IssuedTokens): Promise<boolean> {
    const own = interactive(connection);
    return own === undefined || refreshToken === undefined || this.#removal.release(own, refreshToken);
  }

  #isWanted({ session }: LiveSession, cliScopes: readonly string[]): boolean {
    return this.#parts.isEnabled() && includesAll(parseScopes(session.scopes).wire, cliScopes);
  }

  /** Whether nothing is lost when the file is replaced: neither the AWS CLI's own, nor what it alone has of ours. */
  #isFree({ content, record, state }: CliFile): boolean {
    const isOurs = record?.origin === 'shared' && state === 'same';
    return isOurs || !isLive(content, this.#parts.clock.now());
  }

  async #give(file: CliFile, connection: InteractiveConnection, { tokens }: LiveSession): Promise<void> {
    const token = cliTokenOf(connection, tokens);
    const { renewal } = token;
    const isClientReused =
      renewal !== undefined && (await this.#files.registrationOf(renewal.clientId)) !== 'none';
    const record = recordOf(token, { connection, origin: 'shared', isClientReused });
    if (await this.#files.write(file, token, record)) {
      this.#shared.fire();
    }
  }

  dispose(): void {
    this.#shared.dispose();
    this.#answered.dispose();
  }
}

function interactive(connection: Connection): InteractiveConnection | undefined {
  return isExchangeConnection(connection) ? undefined : connection;
}
