/** Suffixes under which only AWS hands out names: access portals of every partition. */
const OWNED_SUFFIXES = [
  '.awsapps.com',
  '.awsapps.cn',
  '.app.aws',
  '.portal.amazonaws.com',
  '.portal.amazonaws.com.cn',
  '.app.amazonwebservices.com.cn',
  '.portal.amazonaws.eu',
  '.api.amazonwebservices.eu',
];

/** Hosts of issuer URLs, `https://identitycenter.amazonaws.com/ssoins-…`, one for each partition. */
const ISSUER_HOSTS: ReadonlySet<string> = new Set([
  'identitycenter.amazonaws.com',
  'identitycenter.us-gov.amazonaws.com',
  'identitycenter.amazonaws.com.cn',
  'identitycenter.amazonaws.cn',
  'identitycenter.amazonaws.eu',
]);

const DUAL_STACK_SUFFIXES = ['.app.aws', '.app.amazonwebservices.com.cn', '.api.amazonwebservices.eu'];

const endsWithOneOf = (host: string, suffixes: readonly string[]): boolean =>
  suffixes.some((suffix) => host.length > suffix.length && host.endsWith(suffix));

/** Whether AWS owns the host, so that an Identity Center may live there. `host` is as `URL.hostname` gives it. */
export function isOwnedHost(host: string): boolean {
  return isIssuerHost(host) || endsWithOneOf(host, OWNED_SUFFIXES);
}

/** Whether the host serves issuer URLs, whose path names the Identity Center instance. */
export function isIssuerHost(host: string): boolean {
  return ISSUER_HOSTS.has(host);
}

/** Whether the host is a dual-stack (IPv4 and IPv6) access portal, which only the dual-stack services know. */
export function isDualStackHost(host: string): boolean {
  return endsWithOneOf(host, DUAL_STACK_SUFFIXES);
}
