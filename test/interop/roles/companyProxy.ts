import { Server } from 'proxy-chain';
import type { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** The proxy of a company, the only way to its services. */
export interface CompanyProxy extends AsyncDisposable {
  /** What its administrators have set for everybody: nothing is excepted. */
  readonly environment: Readonly<Record<string, string>>;
  /** The URL of a service of this machine by a name that only the proxy knows. */
  name(url: string): string;
}

const SERVICES = 'services.test';
const LOOPBACK = /^(?:localhost|127\.[\d.]+|\[?::1\]?)$/;

const toThisMachine: LookupFunction = (_, { all }, found) =>
  all === true ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4);

/** Starts one. It refuses what is for the machine itself, because that would be the proxy's own. */
export async function startCompanyProxy(): Promise<CompanyProxy> {
  const server = new Server({
    port: 0,
    host: '127.0.0.1',
    prepareRequestFunction: ({ hostname }) => ({
      requestAuthentication: LOOPBACK.test(hostname),
      dnsLookup: toThisMachine as typeof lookup,
    }),
  });
  await server.listen();
  const url = `http://127.0.0.1:${server.port}`;
  const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'];
  return {
    environment: Object.fromEntries(names.map((name) => [name, url])),
    name: (service) => {
      const named = new URL(service);
      named.hostname = SERVICES;
      return named.href;
    },
    [Symbol.asyncDispose]: () => server.close(true),
  };
}
