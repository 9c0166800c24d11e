import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { IssuedTokens } from '../../src/flows/tokens.ts';
import type { Connection } from '../../src/connections/connection.ts';
import { readText } from '../../src/common/files/atomicFile.ts';
import { parseIndex } from '../../src/sessions/store/indexFormat.ts';
import type { NeedsSignInReason, RefreshIntent } from '../../src/sessions/session.ts';
import { SdkClient } from '../identity-center/sdk.ts';
import type { IdentityCenter } from '../identity-center/server.ts';
import type { FromWindow, ToWindow } from './messages.ts';

const WINDOW = new URL('./window.ts', import.meta.url);

/** What came of a run. */
export interface Figures {
  seconds: number;
  refreshes: number;
  /** Refresh tokens that the server turned down. */
  rejections: number;
  killed: number;
  /** Kills that hit a window between its request and the end of its write. */
  killedInTheAct: number;
  ended: NeedsSignInReason[];
  /** Times a window asked and got a token that the server takes. */
  goodTokens: number;
  /** Times it got none, or one that had ended or that the server does not take, by what was wrong. */
  readonly badTokens: Map<string, number>;
  removed: number;
}

/** Processes that share a folder and a secret store, as windows of one editor do. */
export class Fleet {
  readonly #center: IdentityCenter;
  /** Made for the fleet, and removed with it. */
  readonly #folder: string;
  /** What the windows share, by one path or several. */
  readonly #folders: readonly string[];
  readonly #windows = new Set<ChildProcess>();
  readonly figures: Figures = {
    seconds: 0,
    refreshes: 0,
    rejections: 0,
    killed: 0,
    killedInTheAct: 0,
    ended: [],
    goodTokens: 0,
    badTokens: new Map(),
    removed: 0,
  };

  private constructor(center: IdentityCenter, folder: string, folders: readonly string[]) {
    this.#center = center;
    this.#folder = folder;
    this.#folders = folders;
  }

  /** Opens `size` windows on a folder of their own. @param paths where it is mounted several times: each in turn */
  static async open(center: IdentityCenter, size: number, paths: readonly string[] = []): Promise<Fleet> {
    const folder = await mkdtemp(join(tmpdir(), 'windows-'));
    const fleet = new Fleet(center, folder, paths.length > 0 ? paths : [folder]);
    await Promise.all(Array.from({ length: size }, (_, index) => fleet.#openWindow(index)));
    return fleet;
  }

  async #openWindow(index = 0): Promise<void> {
    const folder = this.#folders[index % this.#folders.length] ?? '';
    const window = fork(WINDOW, [folder], { execArgv: ['--disable-warning=ExperimentalWarning'] });
    this.#windows.add(window);
    window.once('exit', () => this.#windows.delete(window));
    window.on('message', (message: FromWindow) => void this.#hear(message));
    await once(window, 'message');
  }

  async #hear(message: FromWindow): Promise<void> {
    switch (message.kind) {
      case 'token':
        await this.#check(message.accessToken, message.expiresAt);
        break;
      case 'ended':
        this.figures.ended.push(message.reason);
        await this.signIn();
        break;
      case 'removed':
        this.figures.removed += 1;
        break;
      case 'open':
      case 'signedIn':
    }
  }

  async #check(accessToken: string | undefined, expiresAt: number): Promise<void> {
    const isActive = accessToken !== undefined && (await this.#center.isTokenActive(accessToken));
    if (isActive) {
      this.figures.goodTokens += 1;
      return;
    }
    const what = accessToken === undefined ? 'none' : expiresAt <= Date.now() ? 'over' : 'not accepted';
    this.figures.badTokens.set(what, (this.figures.badTokens.get(what) ?? 0) + 1);
  }

  /** Signs in, in one of the windows. */
  async signIn(): Promise<void> {
    const [window] = this.#windows;
    const message: ToWindow = { kind: 'signIn', granted: await this.#granted() };
    window?.send(message);
  }

  async #granted(): Promise<{ connection: Connection; scopes: readonly string[]; issued: IssuedTokens }> {
    const client = await SdkClient.register(this.#center);
    const { accessToken, refreshToken } = await client.signIn(this.#center);
    client.dispose();
    const now = Date.now();
    const registration = { ...client.registration, issuedAt: now, expiresAt: now + 86_400_000 };
    const issued = { accessToken, refreshToken, issuedAt: now, expiresAt: now + 3000, client: registration };
    return { connection: this.#center.connection, scopes: [], issued };
  }

  /** Lets them work for a while. @param killEveryMs how often, on average, the one at work is killed; 0 for never */
  async work(seconds: number, killEveryMs: number): Promise<void> {
    // What they were told before there was a sign-in does not count.
    this.figures.goodTokens = 0;
    this.figures.badTokens.clear();
    const before = this.#requests();
    const until = Date.now() + seconds * 1000;
    while (Date.now() < until) {
      if (killEveryMs === 0) {
        await sleep(until - Date.now());
      } else {
        await sleep(Math.min(2 * killEveryMs * Math.random(), until - Date.now()));
        await this.#killAtWork(until);
      }
    }
    const after = this.#requests();
    this.figures.seconds += seconds;
    this.figures.refreshes += after.refreshes - before.refreshes;
    this.figures.rejections += after.rejections - before.rejections;
  }

  /** Kills the next window that notes its intent to refresh, at a random moment of the work that follows. */
  async #killAtWork(until: number): Promise<void> {
    const known = await this.#intent();
    let intent = known;
    while (intent === undefined || (intent.pid === known?.pid && intent.at === known.at)) {
      if (Date.now() > until) {
        return;
      }
      await sleep(1);
      intent = await this.#intent();
    }
    await sleep(40 * Math.random());
    const window = [...this.#windows].find(({ pid }) => pid === intent.pid);
    if (window !== undefined) {
      const isInTheAct = (await this.#intent())?.at === intent.at;
      window.kill('SIGKILL');
      this.figures.killed += 1;
      this.figures.killedInTheAct += isInTheAct ? 1 : 0;
      await this.#openWindow();
    }
  }

  async #intent(): Promise<RefreshIntent | undefined> {
    const text = await readText(join(this.#folders[0] ?? '', 'sessions.json'));
    const [session] = text === undefined ? [] : parseIndex(text).sessions;
    return session?.state.kind === 'signedIn' ? session.state.intent : undefined;
  }

  #requests(): { readonly refreshes: number; readonly rejections: number } {
    const refreshes = this.#center.requests.records.filter(({ grantType }) => grantType === 'refresh_token');
    return {
      refreshes: refreshes.filter(({ status }) => status === 200).length,
      rejections: refreshes.filter(({ exception }) => exception === 'InvalidGrantException').length,
    };
  }

  async close(): Promise<void> {
    const closing = [...this.#windows].map((window) => {
      const exited = once(window, 'exit');
      const message: ToWindow = { kind: 'close' };
      window.send(message);
      return exited;
    });
    await Promise.all(closing);
    await rm(this.#folder, { recursive: true, force: true });
  }
}
