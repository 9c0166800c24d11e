/** `scaleProcess.ts <folder> <sessions>`: what so many sessions cost a window, with everything real but the editor. */
import { writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../src/common/clock.ts';
import type { Clock } from '../../src/common/clock.ts';
import type { ListedSecretStore } from '../../src/sessions/vault/secretVault.ts';
import type { Session, SessionTokens } from '../../src/sessions/session.ts';
import { formatIndex } from '../../src/sessions/store/indexFormat.ts';
import { median } from './row.ts';
import { openSessions } from './sessions.ts';

/** What so many sessions cost. Times in milliseconds. */
export interface Scale {
  readonly startMs: number;
  readonly getSessionsMs: number;
  readonly evaluateMs: number;
  /** Of the heap, and of buffers outside. */
  readonly bytes: number;
  readonly timers: number;
}

const CALLS = 300;
const HOUR_MS = 3_600_000;

const [folder = '', size = ''] = process.argv.slice(2);
const now = systemClock.now();
const connection = { name: 'acme', startUrl: 'https://acme.awsapps.com/start', region: 'us-east-1' };

const session = (index: number): Session => ({
  id: `session-${index}`,
  account: { id: `account-${index}`, label: `acme (${index})` },
  connection,
  scopes: ['sso:account:access'],
  signedInAt: now,
  generation: 1,
  state: { kind: 'signedIn', issuedAt: now, expiresAt: now + HOUR_MS, refreshable: true },
});
const tokens: SessionTokens = {
  accessToken: 'access-'.padEnd(512, '0'),
  refreshToken: 'refresh-'.padEnd(512, '0'),
  issuedAt: now,
  expiresAt: now + HOUR_MS,
  signedInAt: now,
  generation: 1,
};
const all = Array.from({ length: Number(size) }, (_, index) => session(index));
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'sessions.json'), formatIndex({ sessions: all, signedOut: [] }));

let timers = 0;
const clock: Clock = {
  now: () => systemClock.now(),
  schedule(callback, delayMs) {
    timers += 1;
    const timer = systemClock.schedule(() => {
      timers -= 1;
      callback();
    }, delayMs);
    return {
      dispose: () => {
        timers -= 1;
        timer.dispose();
      },
    };
  },
};
const keychain: ListedSecretStore = {
  keys: async () => [],
  get: async () => JSON.stringify(tokens),
  store: async () => undefined,
  delete: async () => undefined,
};

const bytesBefore = usedBytes();
const manager = await openSessions(folder, keychain, clock);
const started = performance.now();
await manager.start();
const startMs = performance.now() - started;
await manager.getSessions({ scopes: [] });
const bytes = usedBytes() - bytesBefore;

const account = all.at(-1)?.account ?? { id: '', label: '' };
const getSessionsMs = await medianTime(() =>
  manager.getSessions({ scopes: ['sso:account:access'], account }),
);
const evaluateMs = await medianTime(() => manager.wake());
const report: Scale = { startMs, getSessionsMs, evaluateMs, bytes, timers };
process.send?.(report);
process.exit();

function usedBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function medianTime(call: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < CALLS; run += 1) {
    const before = performance.now();
    await call();
    times.push(performance.now() - before);
  }
  return median(times);
}
