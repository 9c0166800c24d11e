import { l10n } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import { SsoOidcError } from '../wire/errors.ts';
import { partitionOf } from './partitions.ts';

/** Where a service is: a region, perhaps a variant of its hosts, or a URL that replaces the host. */
export interface EndpointOptions {
  /** A region's id, such as `eu-central-1`. Needed unless `endpoint` is given. */
  readonly region?: string | undefined;
  readonly useFips?: boolean | undefined;
  readonly useDualStack?: boolean | undefined;
  /** Replaces the host. A path stays, as a prefix. https, or http to a loopback host. */
  readonly endpoint?: string | undefined;
}

/**
 * The base URL of the sso-oidc service, by the rules of AWS's service model `sso-oidc-2019-06-10`. Every
 * partition known today has FIPS and dual-stack hosts, so no region is refused for want of them.
 * @throws SsoOidcError with the code `InvalidEndpoint` when the options contradict each other or are not safe.
 */
export function resolveOidcEndpoint(options: EndpointOptions): URL {
  return resolveEndpoint('oidc', options);
}

/**
 * The base URL of the access portal's service (service model `sso-2019-06-10`).
 * @throws SsoOidcError with the code `InvalidEndpoint`, as `resolveOidcEndpoint` does.
 */
export function resolvePortalEndpoint(options: EndpointOptions): URL {
  return resolveEndpoint('portal.sso', options);
}

/** The URL of `path`, which starts with a slash, below the base URL `endpoint`. */
export function urlBelow(endpoint: URL, path: string): URL {
  return new URL(endpoint.href.replace(/\/*$/, path));
}

function resolveEndpoint(service: string, options: EndpointOptions): URL {
  const { region, useFips = false, useDualStack = false, endpoint } = options;
  if (endpoint !== undefined) {
    if (useFips || useDualStack) {
      const variant = useFips ? 'FIPS' : 'dual-stack';
      throw invalid(
        l10n.t("A custom endpoint URL can't be combined with the {0} option.", variant),
        l10n.t('Remove one of them.'),
      );
    }
    return customEndpoint(endpoint);
  }
  if (region === undefined || region === '') {
    throw invalid(l10n.t('No AWS region is set.'), l10n.t('Set the region of your IAM Identity Center.'));
  }
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(region)) {
    throw invalid(l10n.t("The AWS region isn't valid."), l10n.t('Use a form like "eu-central-1".'));
  }
  const { name, dnsSuffix, dualStackDnsSuffix } = partitionOf(region);
  const isPlainFips = name === 'aws-us-gov' && !useDualStack;
  const host = useFips && !isPlainFips ? `${service}-fips` : service;
  return new URL(`https://${host}.${region}.${useDualStack ? dualStackDnsSuffix : dnsSuffix}`);
}

function customEndpoint(endpoint: string): URL {
  const url = URL.parse(endpoint);
  if (url === null) {
    throw invalid(
      l10n.t("The endpoint URL isn't a URL."),
      l10n.t('Use a form like "https://sso.example.com".'),
    );
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url.hostname))) {
    throw invalid(
      l10n.t("The endpoint URL doesn't use https."),
      l10n.t('Use https. http is allowed only for loopback hosts.'),
    );
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw invalid(
      l10n.t('The endpoint URL can contain only a host and a path.'),
      l10n.t('Remove its user name, password, query, and fragment.'),
    );
  }
  return url;
}

/** Whether `hostname`, as a `URL` normalises it, can only mean this machine (RFC 6761, section 6.3). */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname)
  );
}

function invalid(what: Words, advice: Words): SsoOidcError {
  return new SsoOidcError({ code: 'InvalidEndpoint', sent: 'no', what, advice });
}
