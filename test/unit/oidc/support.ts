import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { Server } from 'node:net';
import type { Clock } from '../../../src/common/clock.ts';
import { systemRandom } from '../../../src/common/random.ts';
import type { Random } from '../../../src/common/random.ts';
import { SsoOidcClient } from '../../../src/oidc/client.ts';
import type { SsoOidcClientOptions } from '../../../src/oidc/client.ts';
import { SsoOidcError } from '../../../src/wire/errors.ts';

/** A listening server's URL, and how to end it with all its connections. */
export interface Listening extends AsyncDisposable {
  readonly url: URL;
}

export async function listen(server: Server, scheme = 'http'): Promise<Listening> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert(typeof address === 'object' && address !== null);
  return {
    url: new URL(`${scheme}://127.0.0.1:${address.port}`),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
  };
}

export function httpServer(listener: RequestListener): Promise<Listening> {
  return listen(createServer(listener));
}

/** A server that gives the same answer to everything. */
export function answering(
  status: number,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<Listening> {
  return httpServer((_, response) => response.writeHead(status, headers).end(body));
}

/** A clock on which a wait of less than a call's deadline is over at once, and noted; longer ones never end. */
export class HastyClock implements Clock {
  readonly waits: number[] = [];

  now(): number {
    return Date.UTC(2026, 0, 1);
  }

  schedule(callback: () => void, delayMs: number): { dispose(): void } {
    if (delayMs >= 15_000) {
      return { dispose: () => {} };
    }
    this.waits.push(delayMs);
    const timer = setImmediate(callback);
    return { dispose: () => clearImmediate(timer) };
  }
}

/** A clock whose every timer goes off when told to. */
export class ManualClock implements Clock {
  readonly #pending = new Map<() => void, number>();

  now(): number {
    return 0;
  }

  schedule(callback: () => void, delayMs: number): { dispose(): void } {
    this.#pending.set(callback, delayMs);
    return { dispose: () => this.#pending.delete(callback) };
  }

  get delays(): readonly number[] {
    return [...this.#pending.values()];
  }

  fire(): void {
    [...this.#pending.keys()].forEach((callback) => callback());
  }
}

export const mostJitter: Random = { ...systemRandom, uniform: () => 1 };

export const SECRETS = {
  clientSecret: 'client-secret-7e1f4d2c9ab8',
  deviceCode: 'device-code-55d0c1f3e2a7',
  refreshToken: 'aorAAAAAGrefresh+token/0123456789==:MGQCMH',
} as const;

export const REGISTRATION = { clientName: 'unit tests', clientType: 'public' } as const;
export const DEVICE_POLL = {
  clientId: 'client-id',
  clientSecret: SECRETS.clientSecret,
  grantType: 'urn:ietf:params:oauth:grant-type:device_code',
  deviceCode: SECRETS.deviceCode,
} as const;
export const REFRESH = {
  clientId: 'client-id',
  clientSecret: SECRETS.clientSecret,
  grantType: 'refresh_token',
  refreshToken: SECRETS.refreshToken,
} as const;

/** A client that neither waits nor gives up early. */
export function clientOf(
  { url }: { readonly url: URL },
  clock: Clock = new HastyClock(),
  signing: Pick<SsoOidcClientOptions, 'region' | 'credentials' | 'signer'> = {},
): SsoOidcClient {
  return new SsoOidcClient({ endpoint: url, clock, random: mostJitter, ...signing });
}

/** The error `work` must fail with. */
export async function errorOf(work: Promise<unknown>): Promise<SsoOidcError> {
  try {
    await work;
  } catch (error) {
    assert(error instanceof SsoOidcError, `not an SsoOidcError: ${String(error)}`);
    return error;
  }
  assert.fail('the call succeeded');
}
