/** A machine with the AWS CLI's cache on a real disk, a service that is no more than a list, and a user who answers. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CliSharing } from '../../../src/awsCli/cliSharing.ts';
import { BoundedQueue } from '../../../src/common/boundedQueue.ts';
import { systemClock } from '../../../src/common/clock.ts';
import type { Clock } from '../../../src/common/clock.ts';
import { unlessMissing } from '../../../src/common/files/missingFile.ts';
import { cliCacheFileName, formatCliToken, readCliFile } from '../../../src/awsCli/files/cliCache.ts';
import type { CliToken } from '../../../src/awsCli/files/cliCache.ts';
import type { CliKey } from '../../../src/connections/awsConfig/awsConfig.ts';
import type { InteractiveConnection } from '../../../src/connections/connection.ts';
import type { Flow } from '../../../src/flows/flow.ts';
import type { IssuedTokens } from '../../../src/flows/tokens.ts';
import { DiskIndexFile } from '../../../src/sessions/store/indexFile.ts';
import { DEFAULT_SCOPE } from '../../../src/sessions/scopes.ts';
import type { LiveSession } from '../../../src/sessions/session.ts';
import type { TokenService } from '../../../src/sessions/tokenService.ts';
import { VirtualClock } from '../../support/virtualClock.ts';
import { CLIENT, RecordingLog, SeededRandom } from '../support/sessions.ts';

export const ACME: InteractiveConnection = {
  name: 'acme',
  startUrl: 'https://acme.awsapps.com/start',
  region: 'eu-central-1',
};
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;
export const KEY = 'acme-session';
const FILE = cliCacheFileName(KEY);
const DISK_WAIT_MS = 5000;

/** The tokens of a session that was kept, and where they are read again. */
export interface KeptSession {
  issued: IssuedTokens;
  readonly read: () => Promise<LiveSession | undefined>;
}

/** A session that was kept, as it is read again. */
export function keptSession(
  connection: InteractiveConnection,
  issued: IssuedTokens,
  scopes: readonly string[],
): KeptSession {
  const state = { kind: 'signedIn', issuedAt: 0, expiresAt: issued.expiresAt, refreshable: true } as const;
  const account = { id: connection.name, label: connection.name };
  const version = { signedInAt: 0, generation: 1 };
  const session = { id: 'id', account, connection, scopes, ...version, state };
  const kept: KeptSession = {
    issued,
    read: async () => ({ session, tokens: { ...kept.issued, ...version } }),
  };
  return kept;
}

export class CliScene {
  readonly clock = new VirtualClock();
  readonly log = new RecordingLog();
  readonly home: string;
  readonly folder: string;
  /** Where pauses are real ones, and only the time of day is the test's: the disk does not wait for it. */
  hasRealPauses = false;
  isEnabled = true;
  /** What the AWS CLI's configuration calls the session by. */
  cacheKey = KEY;
  profileScopes: readonly string[] = [DEFAULT_SCOPE];
  /** Other names under which AWS's tools look for it. */
  otherKeys: readonly CliKey[] = [];
  /** What the user says when asked. */
  answers = { use: true, isSameUser: undefined as boolean | undefined, replace: false, remove: false };
  /** What the user was asked, in turn; and what happens while the user decides. */
  readonly asked: string[] = [];
  onAsk: () => Promise<void> = async () => undefined;
  /** What reached the service, in turn. */
  readonly sent: string[] = [];
  #issued = 0;
  #windows = 0;
  service: TokenService = {
    refresh: async (_connection, renewal) => {
      this.sent.push(`refresh with ${String(renewal.refreshToken)}`);
      return this.issue();
    },
    signOut: async (_connection, accessToken) => void this.sent.push(`sign out ${accessToken}`),
  };

  constructor(home: string) {
    this.home = home;
    this.folder = join(home, 'cache');
  }

  static async open(): Promise<CliScene> {
    return new CliScene(await mkdtemp(join(tmpdir(), 'cli-sharing-')));
  }

  close(): Promise<void> {
    return rm(this.home, { recursive: true, maxRetries: 3 });
  }

  /** Another window of the same machine. */
  window(): CliSharing {
    const random = new SeededRandom((this.#windows += 1));
    const records = join(this.home, 'records');
    const answer = async <T>(question: string, read: () => T): Promise<T> => {
      this.asked.push(question);
      await this.onAsk();
      return read();
    };
    const clock: Clock = {
      now: () => this.clock.now(),
      schedule: (callback, delayMs) =>
        (this.hasRealPauses ? systemClock : this.clock).schedule(callback, delayMs),
    };
    return new CliSharing({
      folder: this.folder,
      roleCredentialsFolder: join(this.home, 'roles'),
      keysOf: async ({ endpointUrl }) =>
        endpointUrl === undefined
          ? [
              { cacheKey: this.cacheKey, startUrl: ACME.startUrl, scopes: this.profileScopes },
              ...this.otherKeys,
            ]
          : [],
      recordFile: (name) => new DiskIndexFile(join(records, name), this.clock, random),
      recordNames: async () =>
        ((await unlessMissing(readdir(records))) ?? []).filter((name) => name.endsWith('.json')),
      isEnabled: () => this.isEnabled,
      questions: {
        use: () => answer('use', () => this.answers.use),
        isSameUser: () => answer('same user', () => this.answers.isSameUser),
        replace: () => answer('replace', () => this.answers.replace),
        remove: () => answer('remove', () => this.answers.remove),
      },
      disk: new BoundedQueue(clock, DISK_WAIT_MS),
      clock,
      random,
      log: this.log,
    });
  }

  issue(): IssuedTokens & { readonly refreshToken: string } {
    this.#issued += 1;
    return {
      accessToken: `access-${this.#issued}`,
      refreshToken: `refresh-${this.#issued}`,
      issuedAt: this.clock.now(),
      expiresAt: this.clock.now() + HOUR_MS,
      client: CLIENT,
    };
  }

  /** Signs in, and keeps the session. */
  async signIn(scopes: readonly string[] = [DEFAULT_SCOPE], sharing = this.window()): Promise<IssuedTokens> {
    const issued = await this.obtain(scopes, sharing);
    await sharing.share(this.kept(issued, scopes).read);
    return issued;
  }

  /** Signs in as far as the service's grant. */
  obtain(scopes: readonly string[] = [DEFAULT_SCOPE], sharing = this.window()): Promise<IssuedTokens> {
    const browser: Flow<InteractiveConnection> = async () => {
      this.sent.push('browser');
      return this.issue();
    };
    const silent = {
      showBrowserSignIn: () => undefined,
      showUserCode: () => undefined,
      showTrouble: () => undefined,
    };
    return sharing.flow(browser)(ACME, scopes, silent, new AbortController().signal);
  }

  kept(issued: IssuedTokens, scopes: readonly string[] = [DEFAULT_SCOPE]): KeptSession {
    return keptSession(ACME, issued, scopes);
  }

  refresh(issued: IssuedTokens, sharing = this.window()): Promise<IssuedTokens> {
    const { refreshToken, client } = issued;
    assert(refreshToken !== undefined && client !== undefined, 'the session cannot be refreshed');
    const { signal } = new AbortController();
    return sharing.service(this.service).refresh(ACME, { refreshToken, client }, signal);
  }

  /** Lets `work` happen while a refresh token is on its way to the service. */
  whileRefreshing(work: () => Promise<unknown>): void {
    const before = this.service;
    this.service = {
      ...before,
      refresh: async (...call) => {
        await work();
        return before.refresh(...call);
      },
    };
  }

  signOut({ accessToken }: IssuedTokens, sharing = this.window()): Promise<void> {
    return sharing.service(this.service).signOut(ACME, accessToken, new AbortController().signal);
  }

  /** What the AWS CLI has. */
  async cliToken(): Promise<CliToken | undefined> {
    const content = await readCliFile(this.folder, FILE);
    return content.kind === 'token' ? content.token : undefined;
  }

  /** Gives what nobody waits for, and nobody hears of, the time of a few dozen reads of the disk. */
  async settle(): Promise<void> {
    for (let reads = 0; reads < 50; reads += 1) {
      await this.readFile();
    }
  }

  /** Puts this into the AWS CLI's file, as of now. */
  async writeFile(content: string): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const path = join(this.folder, FILE);
    await writeFile(path, content);
    await utimes(path, this.clock.now() / 1000, this.clock.now() / 1000);
  }

  readFile(): Promise<string | undefined> {
    return unlessMissing(readFile(join(this.folder, FILE), 'utf8'));
  }

  /** What is noted of the AWS CLI's files. */
  async records(): Promise<readonly string[]> {
    const folder = join(this.home, 'records');
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
    return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  }

  /** A sign-in that the AWS CLI makes, with its own registration, which it keeps for the next one. */
  async cliSignsIn(user = 'cli', overrides: Partial<CliToken> = {}): Promise<CliToken> {
    const registrationExpiresAt = this.clock.now() + 24 * HOUR_MS;
    const client = { clientId: 'cli-client', clientSecret: 'cli-secret' };
    const token = {
      startUrl: ACME.startUrl,
      region: ACME.region,
      accessToken: `access of ${user}`,
      expiresAt: this.clock.now() + HOUR_MS,
      renewal: { ...client, registrationExpiresAt, refreshToken: `refresh of ${user}` },
      ...overrides,
    };
    await this.writeFile(formatCliToken(token));
    await this.writeRegistration([DEFAULT_SCOPE]);
    return token;
  }

  /** The AWS CLI's registration of a client. */
  async writeRegistration(scopes: readonly string[], clientId = 'cli-client'): Promise<void> {
    const registration = { clientId, clientSecret: 'cli-secret', expiresAt: '2030-01-01T00:00:00Z', scopes };
    await writeFile(join(this.folder, 'registration.json'), JSON.stringify(registration));
  }

  /** What the AWS CLI does by itself with the token in its file. */
  async cliRefreshes(refreshToken: string, lifetimeMs = HOUR_MS): Promise<void> {
    const token = await this.cliToken();
    assert(token?.renewal, 'the AWS CLI has no token to refresh');
    const renewal = { ...token.renewal, refreshToken };
    const expiresAt = this.clock.now() + lifetimeMs;
    await this.writeFile(
      formatCliToken({ ...token, accessToken: `with ${refreshToken}`, expiresAt, renewal }),
    );
  }

  /** As `cliRefreshes`, when the AWS CLI does it: shortly before the end. */
  async laterCliRefreshes(refreshToken: string): Promise<void> {
    await this.clock.advance(HOUR_MS - 10 * MINUTE_MS);
    await this.cliRefreshes(refreshToken);
  }
}
