import { BoundedQueue } from '../common/boundedQueue.ts';
import type { Clock } from '../common/clock.ts';
import type { Disposable } from '../common/disposable.ts';
import { Emitter } from '../common/event.ts';
import { errorCode } from '../common/log.ts';
import type { Log } from '../common/log.ts';
import type { Random } from '../common/random.ts';
import { untilAborted } from '../common/timeout.ts';
import { cliCacheFileName, readCliToken, removeCliToken, writeCliToken } from '../connections/cliCache.ts';
import type { CliToken } from '../connections/cliCache.ts';
import { removeCliRoleCredentials } from '../connections/cliRoleCredentials.ts';
import { isExchangeConnection } from '../connections/connection.ts';
import type { Connection, InteractiveConnection } from '../connections/connection.ts';
import { isSameStartUrl } from '../connections/startUrl.ts';
import type { Flow } from '../flows/flow.ts';
import type { IssuedTokens } from '../flows/tokens.ts';
import type { LiveSession } from '../sessions/session.ts';
import { parseScopes } from '../sessions/scopes.ts';
import type { Renewal, TokenService } from '../sessions/tokenService.ts';
import { clearRecord, isRecorded, readRecord, writeRecord } from './cliRecord.ts';
import type { CliRecord, RecordFile } from './cliRecord.ts';
import { cliTokenOf, isRenewable, issuedByCli, renewedByCli } from './cliTokens.ts';
import type { RenewableCliToken } from './cliTokens.ts';

/** How the AWS CLI signs in to a connection. */
export interface CliProfile {
  /** See `cliCacheFileName`. */
  readonly cacheKey: string;
  /** The scopes it asks for. */
  readonly scopes: readonly string[];
}

export interface CliSharingParts {
  /** `~/.aws/sso/cache` */
  readonly folder: string;
  /** `~/.aws/cli/cache` */
  readonly roleCredentialsFolder: string;
  /** `undefined` where the AWS CLI does not reach the connection's Identity Center. Never takes long. */
  readonly profileOf: (connection: InteractiveConnection) => Promise<CliProfile | undefined>;
  readonly recordFile: (name: string) => RecordFile;
  /** Whether the person wants the AWS CLI to have the sign-ins made here. */
  readonly isEnabled: () => boolean;
  /** Asks whether to use the AWS CLI's sign-in, which lasts until `expiresAt` (milliseconds since the epoch). */
  readonly confirmUse: (
    connection: InteractiveConnection,
    expiresAt: number,
    signal: AbortSignal,
  ) => Promise<boolean>;
  /** Limits how long the files may take. Shared with whoever else reads in the home folder. */
  readonly disk?: BoundedQueue;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** One of the AWS CLI's files, what is in it, and what of it is ours. */
interface CliFile extends CliProfile {
  readonly connection: InteractiveConnection;
  readonly recordFile: RecordFile;
  readonly token: CliToken | undefined;
  readonly record: CliRecord | undefined;
}

type ClientRenewal = Extract<Renewal, { readonly client: unknown }>;

/** In milliseconds. */
const DISK_WAIT_MS = 5000;
/** The AWS CLI refreshes a token with less left than this: so do we. In milliseconds. */
const FRESH_MS = 15 * 60_000;
/** A token with less left is not worth taking over. In milliseconds. */
const LIVE_MS = 60_000;

/**
 * One sign-in for the editor and the AWS CLI, in both directions. It stands around the flow and around the token
 * service, so that it acts in the one window where something happens, and it never makes either fail.
 *
 * A refresh token may be for single use, and the AWS CLI refreshes by itself what is in its file. So before a refresh
 * token that lies there too is sent, the file is read, and what the AWS CLI has obtained with it is taken over.
 */
export class CliSharing implements Disposable {
  readonly #parts: CliSharingParts;
  readonly #disk: BoundedQueue;
  readonly #shared = new Emitter<void>();
  /** A token was written for the AWS CLI. */
  readonly onDidShare = this.#shared.event;

  constructor(parts: CliSharingParts) {
    this.#parts = parts;
    this.#disk = parts.disk ?? new BoundedQueue(parts.clock, DISK_WAIT_MS);
  }

  /** `flow`, after an offer to use the AWS CLI's sign-in where there is one; what it brings is shared. */
  flow(flow: Flow<InteractiveConnection>): Flow<InteractiveConnection> {
    return async (connection, scopes, interaction, signal) => {
      const file = await untilAborted(signal, this.#open(connection));
      const theirs = file && (await this.#offer(file, scopes, signal));
      const issued = theirs ?? (await flow(connection, scopes, interaction, signal));
      const isWanted = (): boolean => this.#parts.isEnabled() && includesAll(scopes, file?.scopes ?? []);
      if (file !== undefined && (theirs !== undefined || isWanted())) {
        await this.#share(file, issued);
      }
      return issued;
    };
  }

  /** `service`, which keeps the AWS CLI's file up to date where that is ours. */
  service(service: TokenService): TokenService {
    return {
      refresh: async (connection, renewal, signal) => {
        const refresh = (latest: Renewal) => service.refresh(connection, latest, signal);
        return 'client' in renewal && !isExchangeConnection(connection)
          ? this.#refresh(connection, renewal, refresh)
          : refresh(renewal);
      },
      signOut: async (connection, accessToken, signal) => {
        await this.#unshare(connection, accessToken);
        await service.signOut(connection, accessToken, signal);
      },
    };
  }

  async #refresh(
    connection: InteractiveConnection,
    renewal: ClientRenewal,
    refresh: (latest: Renewal) => Promise<IssuedTokens>,
  ): Promise<IssuedTokens> {
    const file = await this.#open(connection);
    if (file?.record === undefined || !isRecorded(file.record.refreshToken, renewal.refreshToken)) {
      return refresh(renewal);
    }
    const theirs = renewedByCli(file.token, file.record, renewal);
    if (theirs !== undefined && theirs.expiresAt - this.#parts.clock.now() > FRESH_MS) {
      return this.#takeOver(file, theirs, renewal);
    }
    const latest = { ...renewal, refreshToken: (theirs?.renewal ?? renewal).refreshToken };
    try {
      const issued = await refresh(latest);
      await this.#share(file, issued);
      return issued;
    } catch (error) {
      // The AWS CLI may have been a moment quicker.
      const { token } = (await this.#open(connection)) ?? file;
      const quicker = renewedByCli(token, file.record, latest);
      if (quicker === undefined) {
        throw error;
      }
      return this.#takeOver(file, quicker, renewal);
    }
  }

  async #takeOver(
    { recordFile }: CliFile,
    theirs: RenewableCliToken,
    { client }: ClientRenewal,
  ): Promise<IssuedTokens> {
    await this.#attempt('note AWS CLI token', () => writeRecord(recordFile, theirs));
    return { ...issuedByCli(theirs, this.#parts.clock.now()), client };
  }

  /** Shares what is there already: the person has just turned it on. A sign-in of the AWS CLI's own is left alone. */
  async shareAll(sessions: readonly LiveSession[]): Promise<void> {
    for (const { session, tokens } of sessions) {
      const { connection } = session;
      const file = isExchangeConnection(connection) ? undefined : await this.#open(connection);
      const isFree = file?.token === undefined || file.token.expiresAt <= this.#parts.clock.now();
      if (file !== undefined && isFree && includesAll(parseScopes(session.scopes).wire, file.scopes)) {
        await this.#share(file, tokens);
      }
    }
  }

  /** Takes back what is ours: the person has just turned it off. */
  async unshareAll(sessions: readonly LiveSession[]): Promise<void> {
    for (const { session, tokens } of sessions) {
      await this.#unshare(session.connection, tokens.accessToken);
    }
  }

  /** The AWS CLI's sign-in, if there is one that would do and the person wants it. */
  async #offer(
    { token, record, scopes: cliScopes, connection }: CliFile,
    scopes: readonly string[],
    signal: AbortSignal,
  ): Promise<IssuedTokens | undefined> {
    const { clock, confirmUse } = this.#parts;
    const isUsable =
      token !== undefined &&
      isRenewable(token) &&
      token.expiresAt - clock.now() > LIVE_MS &&
      token.region === connection.region &&
      isSameStartUrl(token.startUrl, connection.startUrl) &&
      isSameSet(scopes, cliScopes) &&
      !isRecorded(record?.accessToken, token.accessToken);
    return isUsable && (await confirmUse(connection, token.expiresAt, signal))
      ? issuedByCli(token, clock.now())
      : undefined;
  }

  /** The AWS CLI's file for the connection; undefined where it has none, or the disk does not answer. */
  async #open(connection: InteractiveConnection): Promise<CliFile | undefined> {
    const { folder, profileOf, recordFile } = this.#parts;
    const profile = await this.#unlessFailing('find AWS CLI profile', profileOf(connection));
    if (profile === undefined) {
      return undefined;
    }
    const records = recordFile(cliCacheFileName(profile.cacheKey));
    return this.#attempt('read AWS CLI token', async () => {
      const token = await readCliToken(folder, profile.cacheKey);
      const record = await readRecord(records);
      return { ...profile, connection, token, record, recordFile: records };
    });
  }

  /** Gives the AWS CLI the tokens where the person wants that, and remembers whose they are in any case. */
  async #share({ cacheKey, connection, recordFile }: CliFile, issued: IssuedTokens): Promise<void> {
    const { folder, random, isEnabled } = this.#parts;
    const token = cliTokenOf(connection, issued);
    const write = async (): Promise<void> => {
      // The record goes first: a file without one would be offered as a sign-in of the AWS CLI's own.
      await writeRecord(recordFile, token);
      if (isEnabled()) {
        await writeCliToken(folder, cacheKey, token, random);
        this.#shared.fire();
      }
    };
    await this.#attempt('share with AWS CLI', write);
  }

  async #unshare(connection: Connection, accessToken: string): Promise<void> {
    const file = isExchangeConnection(connection) ? undefined : await this.#open(connection);
    if (file === undefined) {
      return;
    }
    const { folder, roleCredentialsFolder } = this.#parts;
    const { token, record, cacheKey, recordFile } = file;
    const isOurs = token?.accessToken === accessToken || isRenewalOf(file, accessToken);
    const remove = async (): Promise<void> => {
      if (token !== undefined && isOurs) {
        await removeCliToken(folder, cacheKey);
        await removeCliRoleCredentials(roleCredentialsFolder);
      }
      if (isRecorded(record?.accessToken, accessToken)) {
        await clearRecord(recordFile);
      }
    };
    await this.#attempt('remove AWS CLI token', remove);
  }

  /** The disk may hang, and a sign-in or a refresh must not hang with it. */
  #attempt<T>(operation: string, work: () => Promise<T>): Promise<T | undefined> {
    return this.#unlessFailing(operation, this.#disk.run(work));
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

  dispose(): void {
    this.#shared.dispose();
  }
}

/** Whether the AWS CLI has refreshed what was last ours with this access token. */
function isRenewalOf({ token, record }: CliFile, accessToken: string): boolean {
  return (
    isRecorded(record?.accessToken, accessToken) &&
    token?.renewal !== undefined &&
    isRecorded(record?.clientId, token.renewal.clientId)
  );
}

function includesAll(scopes: readonly string[], needed: readonly string[]): boolean {
  return needed.every((scope) => scopes.includes(scope));
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return includesAll(a, b) && includesAll(b, a);
}
