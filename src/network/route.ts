import { BlockList, isIP } from 'node:net';

import type { NetworkSettings } from './networkSettings.ts';

/** The environment variables that name a proxy, in the order in which VS Code asks them, whatever the scheme. */
const PROXY_VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;
const NO_PROXY_VARIABLES = ['no_proxy', 'NO_PROXY'] as const;

const PROXY_PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'socks:', 'socks5:']);
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** Who says that there is a proxy, or none. */
export type RouteSource =
  'http.proxy' | 'http.noProxy' | (typeof PROXY_VARIABLES)[number] | (typeof NO_PROXY_VARIABLES)[number];

/** `proxy` may hold credentials: show it with `withoutCredentials` only. */
export interface ProxyRoute {
  readonly kind: 'proxy';
  readonly proxy: URL;
  readonly source: RouteSource;
}

/** How a host is reached. */
export type Route =
  | ProxyRoute
  | { readonly kind: 'direct'; readonly because: 'noProxy' | 'loopback' }
  | { readonly kind: 'direct'; readonly because: 'excepted'; readonly source: RouteSource }
  /** What is said to be a proxy is not the URL of one. */
  | { readonly kind: 'invalid'; readonly source: RouteSource };

/** The route to `target`, chosen by VS Code's own rules. PAC files and the system's proxy are not known here. */
export function chooseRoute(target: URL, settings: NetworkSettings): Route {
  if (isLoopback(target)) {
    return { kind: 'direct', because: 'loopback' };
  }
  const proxy = findProxy(settings);
  if (proxy === undefined) {
    return { kind: 'direct', because: 'noProxy' };
  }
  const exceptions = findExceptions(settings);
  if (exceptions.entries.some((entry) => matches(target, entry))) {
    return { kind: 'direct', because: 'excepted', source: exceptions.source };
  }
  const url = parseProxy(proxy.value);
  return url === undefined
    ? { kind: 'invalid', source: proxy.source }
    : { kind: 'proxy', proxy: url, source: proxy.source };
}

/** A URL's scheme, host and port, which is all that may be shown of it. */
export function withoutCredentials({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}

/** A URL's host, an IPv6 address without its brackets, and its port. */
export function hostAndPort({ hostname, port, protocol }: URL): {
  readonly host: string;
  readonly port: number;
} {
  return {
    host: hostname.replace(/^\[(.+)\]$/, '$1'),
    port: port === '' ? (DEFAULT_PORTS[protocol] ?? 1080) : Number(port),
  };
}

interface Found {
  readonly source: RouteSource;
  readonly value: string;
}

function findProxy({ httpProxy, environment }: NetworkSettings): Found | undefined {
  return httpProxy.trim() === ''
    ? findVariable(environment, PROXY_VARIABLES)
    : { source: 'http.proxy', value: httpProxy.trim() };
}

function parseProxy(value: string): URL | undefined {
  const url = URL.parse(value);
  const isUsable =
    url !== null &&
    url.hostname !== '' &&
    PROXY_PROTOCOLS.has(url.protocol) &&
    [url.username, url.password].every(isPercentEncoded);
  return isUsable ? url : undefined;
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function findExceptions({ noProxy, environment }: NetworkSettings): {
  readonly source: RouteSource;
  readonly entries: readonly string[];
} {
  if (noProxy.length > 0) {
    return { source: 'http.noProxy', entries: noProxy };
  }
  const { source, value } = findVariable(environment, NO_PROXY_VARIABLES) ?? {
    source: 'no_proxy',
    value: '',
  };
  return { source, entries: value.split(/[\s,]+/) };
}

function findVariable(
  environment: NetworkSettings['environment'],
  names: readonly RouteSource[],
): Found | undefined {
  return names
    .map((source) => ({ source, value: environment[source]?.trim() ?? '' }))
    .find(({ value }) => value !== '');
}

/** Whether `entry` stands for the target: `*`, `host`, `.suffix`, `*.suffix`, each perhaps with `:port`. */
function matches(target: URL, entry: string): boolean {
  const { host, port } = hostAndPort(target);
  const text = entry.trim().toLowerCase();
  // The colons of a bare IPv6 address set no port apart.
  const [, name = text, only] = isIP(text) === 6 ? [] : (/^\[?(.*?)\]?(?::(\d+))?$/.exec(text) ?? []);
  const suffix = name.replace(/^\*?\./, '');
  const isNamed = suffix !== '' && (suffix === '*' || `.${host}`.endsWith(`.${suffix}`));
  return isNamed && (only === undefined || Number(only) === port);
}

function isLoopback(target: URL): boolean {
  const { host } = hostAndPort(target);
  const family = isIP(host);
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8);
  loopback.addAddress('::1', 'ipv6');
  return family === 0 ? host === 'localhost' : loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
