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
import { writeCopy } from './cliCopies.ts';
import type { CliFile, CliFilesParts, KeyedCliFile } from './cliFiles.ts';
import { CliOffer } from './cliOffer.ts';
import type { CliQuestions } from './cliQuestions.ts';
import { isRecorded, recordOf } from './cliRecord.ts';
import { CliRefresh } from './cliRefresh.ts';
import { CliRemoval } from './cliRemoval.ts';
import { cliTokenOf, isLive } from './cliTokens.ts';
import type { SharedTokens } from './cliTokens.ts';
import { includesAll } from './scopeSets.ts';

export interface CliSharingParts extends CliFilesParts {
  /** Whether the user wants the AWS CLI to have the sign-ins made here. */
  readonly isEnabled: () => boolean;
  readonly questions: CliQuestions;
}

/** Reads a session with its tokens as they are now; undefined when it is over. */
type ReadSession = () => Promise<LiveSession | undefined>;

interface Shareable {
  readonly connection: InteractiveConnection;
  readonly tokens: SharedTokens;
  readonly files: readonly KeyedCliFile[];
}

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
   * Shares a sign-in that has been saved, under each name by which AWS's tools look for it. Where the AWS CLI has one
   * of its own the user decides, and nobody waits for that.
   */
  async share(read: ReadSession): Promise<void> {
    const shareable = await this.#shareable(read);
    const [first] = shareable?.files ?? [];
    if (shareable === undefined || first === undefined) {
      return;
    }
    // What was taken over a moment ago is there already.
    const isHeld = shareable.files.some((file) => holds(file, shareable.tokens));
    await this.#give(shareable, (file) => this.#isFree(file));
    if (!isHeld && !this.#isFree(first)) {
      void this.#askToReplace(shareable.connection, first.name, read);
    }
  }

  async #askToReplace(connection: InteractiveConnection, name: string, read: ReadSession): Promise<void> {
    if (await this.#parts.questions.replace(connection.name)) {
      // Meanwhile the session may be over, or have other tokens.
      const shareable = await this.#shareable(read);
      if (shareable !== undefined) {
        await this.#give(shareable, (file) => file.name === name || this.#isFree(file));
      }
    }
  }

  /** Shares what is there already: the user has just turned it on. A sign-in of the AWS CLI's own is left alone. */
  async shareAll(reads: readonly ReadSession[]): Promise<void> {
    for (const read of reads) {
      const shareable = await this.#shareable(read);
      if (shareable !== undefined) {
        // A sign-in of ours may have been shared by another window a moment ago.
        await this.#give(shareable, ({ content }) => !isLive(content, this.#parts.clock.now()));
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

  /** The session with the files that are to have its sign-in; undefined where there is none to share. */
  async #shareable(read: ReadSession): Promise<Shareable | undefined> {
    const live = await read();
    const connection = live && interactive(live.session.connection);
    if (live === undefined || connection === undefined || !this.#parts.isEnabled()) {
      return undefined;
    }
    const scopes = parseScopes(live.session.scopes).wire;
    const files = await this.#files.open(connection);
    const wanted = files.filter(({ key }) => includesAll(scopes, key.scopes));
    if (wanted.length < files.length) {
      const about = { operation: 'share with AWS CLI', connection: connection.name };
      this.#parts.log.info({ ...about, outcome: 'left out what needs more scopes' });
    }
    return { connection, tokens: live.tokens, files: wanted };
  }

  /** Whether nothing is lost when the file is replaced: neither the AWS CLI's own, nor what it alone has of ours. */
  #isFree({ content, record, state }: CliFile): boolean {
    const isOurs = record?.origin === 'shared' && state === 'same';
    return isOurs || !isLive(content, this.#parts.clock.now());
  }

  /** The first file gets the refresh token too, unless one of them has it already: see `writeCopy`. */
  async #give(
    { connection, tokens, files }: Shareable,
    isFree: (file: KeyedCliFile) => boolean,
  ): Promise<void> {
    let isHeld = files.some((file) => holds(file, tokens));
    for (const file of files) {
      if (!isRecorded(file.record?.accessToken, tokens.accessToken) && isFree(file)) {
        const written = { ...connection, startUrl: file.key.startUrl };
        const isWritten = await (isHeld
          ? writeCopy(this.#files, file, written, tokens)
          : this.#write(file, written, tokens));
        isHeld ||= isWritten;
        if (isWritten) {
          this.#shared.fire();
        }
      }
    }
  }

  async #write(file: CliFile, connection: InteractiveConnection, tokens: SharedTokens): Promise<boolean> {
    const token = cliTokenOf(connection, tokens);
    const { renewal } = token;
    const isClientReused =
      renewal !== undefined && (await this.#files.registrationOf(renewal.clientId)) !== 'none';
    const record = recordOf(token, { connection, origin: 'shared', isClientReused });
    return this.#files.write(file, token, record);
  }

  dispose(): void {
    this.#shared.dispose();
    this.#answered.dispose();
  }
}

/** Whether the file has the tokens, and what refreshes them. */
function holds({ record }: CliFile, { accessToken }: SharedTokens): boolean {
  return record?.isCopy !== true && isRecorded(record?.accessToken, accessToken);
}

function interactive(connection: Connection): InteractiveConnection | undefined {
  return isExchangeConnection(connection) ? undefined : connection;
}
