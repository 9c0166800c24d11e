import { l10n } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';
import { isLoopbackHost } from '../../oidc/endpoint.ts';
import { isIssuerHost, isOwnedHost } from './hosts.ts';
import { addressesIn, visibleText } from './pastedAddress.ts';
import { isDirectoryHost, regionalPortal } from './portalUrl.ts';

/** A start URL in the one form in which it is stored and compared, or one sentence on what is wrong with it. */
export type NormalizedStartUrl =
  { readonly ok: true; readonly startUrl: string } | { readonly ok: false; readonly problem: Words };

const EXAMPLE = 'https://d-1234567890.awsapps.com/start';

/** Spaces and quotation marks that come along when something is copied. */
const WRAPPING = String.raw`[\s"'\x60<>\u2018-\u201F\u00AB\u00BB]+`;
const WRAPPED = new RegExp(`^${WRAPPING}|${WRAPPING}$`, 'gu');

/** What may be left of it at the end of a path. */
const TRAILING = /[/']+$/;

/** A host's name or address, as `URL` writes it, without a dot at its end. */
const HOST = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:]+\])$/;

/** Hosts users land on after the portal: the console, the sign-in pages, the services themselves. */
const HOST_BEHIND_THE_PORTAL =
  /(?:^|\.)(?:signin\.aws|aws\.amazon\.com|amazonaws-us-gov\.com|amazonaws\.cn|amazonaws-eusc\.eu)$|^(?:oidc|(?:portal|device)\.sso)\..*\.amazonaws\./;

/** Portal domains without the portal's own name in front. */
const NAMELESS_HOST = /^(?:www\.)?(?:awsapps\.com|awsapps\.cn|app\.aws)$/;

/**
 * Makes a start URL of what a user pasted: with spaces, quotes or a fragment around it, without a scheme,
 * with trailing slashes, or a link from inside the portal.
 *
 * Of a host that AWS owns only the start URL itself is kept; of any other host (a company's own domain in front of
 * the portal, see `resolveStartUrl`) path and query stay. http is accepted for loopback when `allowLoopback` says so.
 */
export function normalizeStartUrl(
  text: string,
  { allowLoopback = false }: { readonly allowLoopback?: boolean } = {},
): NormalizedStartUrl {
  const visible = visibleText(text);
  const results = addressesIn(visible).map((address) => normalizeAddress(address, allowLoopback));
  const usable = new Map(results.flatMap((result) => (result.ok ? [[result.startUrl, result]] : [])));
  if (usable.size > 1) {
    return {
      ok: false,
      problem: l10n.t(
        'There are several addresses in this text. Enter only the URL of your AWS access portal, such as {0}.',
        EXAMPLE,
      ),
    };
  }
  const [only] = usable.size === 1 ? usable.values() : results;
  return only ?? normalizeAddress(visible, allowLoopback);
}

function normalizeAddress(address: string, allowLoopback: boolean): NormalizedStartUrl {
  const url = parse(address);
  if (!(url instanceof URL)) {
    return { ok: false, problem: url };
  }
  const isLocal = allowLoopback && isLoopbackHost(url.hostname);
  const problem = schemeProblem(url, isLocal) ?? (isLocal ? undefined : hostProblem(url));
  if (problem !== undefined) {
    return { ok: false, problem };
  }
  const path = isOwnedHost(url.hostname) ? portalPath(url) : url.pathname.replace(TRAILING, '') + url.search;
  return path === undefined
    ? { ok: false, problem: missingIdProblem(url.hostname) }
    : { ok: true, startUrl: url.origin + path };
}

/** The URL in the text, without fragment and the host's trailing dot, or what is wrong with it. */
function parse(text: string): URL | Words {
  const unwrapped = text.replaceAll(WRAPPED, '');
  // A shell escapes the fragment's sign: `start/\#/`.
  const [base = ''] = unwrapped.split(/\\*#/, 1);
  if (base === '') {
    return l10n.t('Enter the URL of your AWS access portal, such as {0}.', EXAMPLE);
  }
  if (/[\s\\]/.test(base)) {
    return l10n.t("A start URL can't contain spaces, line breaks, or backslashes.");
  }
  const scheme = /^([a-z][a-z0-9+.-]*):(?!\d)/i.exec(base)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'https' && scheme !== 'http') {
    return l10n.t('A start URL begins with https://, not with {0}:. It looks like {1}.', scheme, EXAMPLE);
  }
  const url = URL.parse(scheme === undefined ? `https://${base.replace(/^\/+/, '')}` : base);
  const host = url?.hostname.replace(/\.$/, '') ?? '';
  if (url === null || !HOST.test(host)) {
    return l10n.t("This isn't a web address. A start URL looks like {0}.", EXAMPLE);
  }
  url.hostname = host;
  return url;
}

function schemeProblem(url: URL, isLocal: boolean): Words | undefined {
  if (url.username !== '' || url.password !== '') {
    return l10n.t("A start URL can't contain a user name or password. Remove the part before the @.");
  }
  if (url.protocol === 'http:' && !isLocal) {
    return l10n.t(
      'A start URL begins with https://, not with http://. Try {0}.',
      `https://${url.host}${url.pathname}`,
    );
  }
  return undefined;
}

function hostProblem({ hostname, port }: URL): Words | undefined {
  if (NAMELESS_HOST.test(hostname)) {
    return l10n.t(
      'The name of your portal is missing before {0}. A start URL looks like {1}.',
      hostname.replace('www.', ''),
      EXAMPLE,
    );
  }
  if (!isOwnedHost(hostname) && HOST_BEHIND_THE_PORTAL.test(hostname)) {
    return l10n.t(
      "{0} isn't the AWS access portal, but a page that it leads to. Use the portal's own URL, such as {1}.",
      hostname,
      EXAMPLE,
    );
  }
  if (!hostname.includes('.') && !hostname.startsWith('[')) {
    return l10n.t(
      "{0} isn't a complete address. Did you mean {1}?",
      hostname,
      `https://${hostname}.awsapps.com/start`,
    );
  }
  return isOwnedHost(hostname) && port !== ''
    ? l10n.t('The URL of an AWS access portal has no port. Remove :{0} from the start URL.', port)
    : undefined;
}

/** The path of the start URL on a host that AWS owns; undefined when the path should name a directory but does not. */
function portalPath(url: URL): string | undefined {
  const path = url.pathname.replaceAll(/\/{2,}/g, '/');
  if (isDirectoryHost(url.hostname)) {
    return /^\/directory\/[^/]+/.exec(path)?.[0];
  }
  if (isIssuerHost(url.hostname)) {
    return /^\/[^/]+/.exec(path)?.[0];
  }
  if (/\.awsapps\.(?:com|cn)$/.test(url.hostname)) {
    return '/start';
  }
  return path.replace(/^\/start\/.*$/, '/start').replace(TRAILING, '');
}

function missingIdProblem(host: string): Words {
  return isIssuerHost(host)
    ? l10n.t(
        'The ID of your IAM Identity Center instance is missing. A start URL of this kind looks like {0}.',
        `https://${host}/ssoins-1234567890abcdef`,
      )
    : l10n.t(
        'The ID of your directory is missing. A start URL of this kind looks like {0}.',
        `https://${host}/directory/d-1234567890`,
      );
}

/** Whether two texts name the same start URL, however they are written. */
export function isSameStartUrl(a: string, b: string): boolean {
  return sameStartUrlAs(a)(b);
}

/** {@link isSameStartUrl} for one text and many others, which take long to compare and are mostly the same few. */
export function sameStartUrlAs(text: string): (other: string) => boolean {
  const own = comparableStartUrl(text);
  const results = new Map<string, boolean>();
  return (other) => {
    const result = results.get(other) ?? comparableStartUrl(other) === own;
    results.set(other, result);
    return result;
  };
}

/** The same text for all ways to write a start URL, the hosts of one regional portal among them. */
export function comparableStartUrl(text: string): string {
  const result = normalizeStartUrl(text, { allowLoopback: true });
  if (!result.ok) {
    return text.trim();
  }
  const portal = regionalPortal(result.startUrl);
  return portal === undefined ? result.startUrl : `${portal.id} in ${portal.region}`;
}
