import { isRegion } from '../../oidc/regionCode.ts';
import type { PartitionName } from '../../oidc/partitions.ts';
import { isIssuerHost, isOwnedHost } from './hosts.ts';

/** Portals shared by a partition, where the directory is in the path: GovCloud's and China's. */
const DIRECTORY_HOST = /^start\.(?:(?<region>[a-z0-9-]+)\.)?(?:us-gov-home\.awsapps\.com|home\.awsapps\.cn)$/;

/** A regional portal, by each of its hosts: the instance's id and its region. */
const REGIONAL_PORTAL = [
  /^(?<id>[^.]+)\.portal\.(?<region>[^.]+)\.app\.aws$/,
  /^(?<id>[^.]+)\.(?<region>[^.]+)\.portal\.amazonaws\.(?:com|com\.cn|eu)$/,
  /^(?<id>[^.]+)\.portal\.(?<region>[^.]+)\.app\.amazonwebservices\.com\.cn$/,
  /^(?<id>[^.]+)\.portal\.(?<region>[^.]+)\.api\.amazonwebservices\.eu$/,
];

/** Whether all portals of a partition share the host, so that the path names the directory. */
export function isDirectoryHost(host: string): boolean {
  return DIRECTORY_HOST.test(host);
}

/**
 * What distinguishes a regional portal from all others; undefined for a URL of another kind, or of a page inside it.
 */
export function regionalPortal(
  startUrl: string,
): { readonly id: string; readonly region: string } | undefined {
  const { hostname, pathname } = new URL(startUrl);
  const { id, region } = firstMatch(REGIONAL_PORTAL, hostname);
  const isPortal = id !== undefined && region !== undefined && isRegion(region);
  return isPortal && /^\/(?:start)?$/.test(pathname) ? { id, region } : undefined;
}

function firstMatch(patterns: readonly RegExp[], text: string): Readonly<Record<string, string | undefined>> {
  return patterns.map((pattern) => pattern.exec(text)?.groups).find((groups) => groups !== undefined) ?? {};
}

/** The region in the host of a normalized start URL; undefined where the host does not include it. */
export function regionFromStartUrl(startUrl: string): string | undefined {
  const { region } = firstMatch([...REGIONAL_PORTAL, DIRECTORY_HOST], new URL(startUrl).hostname);
  return region !== undefined && isRegion(region) ? region : undefined;
}

/**
 * What a portal is called, from its normalized start URL: the directory or the instance where those are in the path,
 * else the first part of a host of AWS's; a company's own domain as a whole.
 */
export function portalName(startUrl: string): string {
  const { hostname, pathname } = new URL(startUrl);
  if (isDirectoryHost(hostname) || isIssuerHost(hostname)) {
    return pathname.replace(/^.*\//, '');
  }
  return isOwnedHost(hostname) ? hostname.replace(/\..*/, '') : hostname;
}

/**
 * The partition of a normalized start URL's host, to shorten the list of regions; undefined where the host does not
 * show it.
 */
export function partitionHint(startUrl: string): PartitionName | undefined {
  const { hostname } = new URL(startUrl);
  if (!isOwnedHost(hostname)) {
    return undefined;
  }
  if (hostname.endsWith('.cn')) {
    return 'aws-cn';
  }
  if (hostname.endsWith('.eu')) {
    return 'aws-eusc';
  }
  if (/\bus-gov\b/.test(hostname)) {
    return 'aws-us-gov';
  }
  return hostname.endsWith('.awsapps.com') ? 'aws' : undefined;
}
