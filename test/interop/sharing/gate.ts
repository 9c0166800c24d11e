import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { passOn } from '../../identity-center/recorder.ts';
import { readRequest } from '../../identity-center/http.ts';
import { listen } from '../../support/listen.ts';

/** A refresh that waits at a gate. */
export interface HeldRefresh {
  /** Resolves once a refresh has come. */
  readonly arrived: Promise<void>;
  /** Lets it through; resolves once it has been answered. */
  release(): Promise<void>;
}

/** The way of one side to an Identity Center: it counts what that side asks for, and can hold its next refresh. */
export interface Gate extends AsyncDisposable {
  /** Origin. */
  readonly url: string;
  /** How many refreshes were sent. */
  readonly refreshes: number;
  /** The access keys of the role credentials that were handed out. */
  readonly accessKeys: readonly string[];
  /** Holds the next refresh, and none after it. */
  holdNextRefresh(): HeldRefresh;
}

interface Hold {
  readonly arrived: PromiseWithResolvers<void>;
  readonly released: PromiseWithResolvers<void>;
  readonly answered: PromiseWithResolvers<void>;
}

/** Starts one on 127.0.0.1, in front of `target`, an origin. */
export async function startGate(target: string): Promise<Gate> {
  let refreshes = 0;
  let next: Hold | undefined;
  const accessKeys: string[] = [];

  const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(message);
    const isRefresh = request.path === '/token' && memberOf(request.body, 'grantType') === 'refresh_token';
    const hold = isRefresh ? next : undefined;
    if (isRefresh) {
      refreshes += 1;
      next = undefined;
      hold?.arrived.resolve();
      await hold?.released.promise;
    }
    const { status, headers, body } = await passOn(new URL(message.url ?? '/', target), request);
    const key = /"accessKeyId":"([^"]+)"/.exec(body)?.[1];
    if (key !== undefined) {
      accessKeys.push(key);
    }
    response.writeHead(status, headers).end(body, () => hold?.answered.resolve());
  };

  const server = createServer((message, response) => {
    answer(message, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const { url, close } = await listen(server);
  return {
    url: url.origin,
    accessKeys,
    get refreshes() {
      return refreshes;
    },
    holdNextRefresh: () => {
      const hold: Hold = {
        arrived: Promise.withResolvers(),
        released: Promise.withResolvers(),
        answered: Promise.withResolvers(),
      };
      next = hold;
      return {
        arrived: hold.arrived.promise,
        release: () => {
          hold.released.resolve();
          return hold.answered.promise;
        },
      };
    },
    [Symbol.asyncDispose]: close,
  };
}

function memberOf(body: string, name: string): unknown {
  try {
    return (JSON.parse(body) as Readonly<Record<string, unknown>>)[name];
  } catch {
    return undefined;
  }
}
