import { createServer } from 'node:http';
import { listen } from '../../support/listen.ts';
import type { ServerProcess } from './serverProcess.ts';

/** A server that can be restarted from other processes. */
export interface RestartableServer extends ServerProcess {
  /** Takes a POST, and answers it when the server is there again, at the same URL. */
  readonly restartUrl: string;
}

/** Starts a server, and listens for requests to restart it. `start` gets the port it has to take, 0 for any. */
export async function startRestartable(
  start: (port: number) => Promise<ServerProcess>,
): Promise<RestartableServer> {
  let server = await start(0);
  const { url } = server;
  const restart = async (): Promise<void> => {
    await server.close();
    server = await start(Number(url.port));
  };
  const requests = createServer((_request, response) => {
    restart().then(
      () => response.writeHead(204).end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  const control = await listen(requests);
  return {
    url,
    restartUrl: control.url.origin,
    close: async () => {
      await control.close();
      await server.close();
    },
  };
}
