import { createServer, request } from 'node:http';

import { listen } from '../../support/listen.ts';
import type { Listening } from '../../support/listen.ts';

/**
 * A way to a service that hears its own name without a port, as those at the port of their scheme do. Some tools sign no
 * other (git-annex).
 */
export function startHostRelay(target: string): Promise<Listening> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, answer) => {
    const { method, url, headers } = incoming;
    const passed = request(
      { host: hostname, port, method, path: url, headers: { ...headers, host: hostname } },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    passed.on('error', (error) => answer.destroy(error));
    incoming.pipe(passed);
  });
  return listen(server);
}
