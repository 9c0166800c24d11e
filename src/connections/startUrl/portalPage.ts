import { deadline } from '../../common/clock.ts';
import type { Clock } from '../../common/clock.ts';
import { isRegion } from '../../oidc/regionCode.ts';
import { isOwnedHost } from './hosts.ts';

/** The outside world, as `readPortalRegion` sees it. */
export interface PortalPageOptions {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/** How long the page may take, its redirect included, in milliseconds: whoever asks can still ask the user. */
const DEADLINE_MS = 5000;
/** The page is a shell of a few kilobytes, and the region is in its head. */
const MAX_PAGE_BYTES = 64 * 1024;

/** Bounded, so that a page full of open tags is quickly read. */
const META = /<meta\b[^<>]{0,1000}>/gi;
const ATTRIBUTE = /([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g;

/**
 * The region that the access portal's own page names, in `<meta name="region" content="…">`. It is a hint from a web
 * page: check it with the service. One page is read; one redirect to it is followed, over https to a host that AWS owns.
 * @param startUrl as `normalizeStartUrl` or `resolveStartUrl` returns it
 * @returns `undefined` where there is no such page, or no region in it
 * @throws the signal's reason when it aborts
 */
export async function readPortalRegion(
  startUrl: string,
  { fetch, clock, signal }: PortalPageOptions,
): Promise<string | undefined> {
  const limit = deadline(clock, DEADLINE_MS, () => new Error('The page took too long.'), signal);
  const request = (url: string): Promise<Response> =>
    fetch(url, { headers: { accept: 'text/html' }, redirect: 'manual', signal: limit.signal });
  try {
    const first = await request(startUrl);
    const target = redirectTarget(first, startUrl);
    return await regionOf(target === undefined ? first : await redirected(first, () => request(target)));
  } catch {
    // Whatever the reason, the user can still choose.
    signal?.throwIfAborted();
    return undefined;
  } finally {
    limit.dispose();
  }
}

/** Where a portal's page has moved to, if that is a portal's page too. */
function redirectTarget({ status, headers }: Response, base: string): string | undefined {
  const location = headers.get('location');
  const url = status >= 300 && status < 400 && location !== null ? URL.parse(location, base) : null;
  const isPortal = url?.protocol === 'https:' && url.port === '' && isOwnedHost(url.hostname);
  return isPortal ? url.href : undefined;
}

async function redirected(first: Response, next: () => Promise<Response>): Promise<Response> {
  await first.body?.cancel();
  return next();
}

async function regionOf(response: Response): Promise<string | undefined> {
  if (response.status !== 200) {
    await response.body?.cancel();
    return undefined;
  }
  return regionIn(await readBounded(response));
}

/** The region in a page's HTML. */
export function regionIn(html: string): string | undefined {
  for (const [tag] of html.matchAll(META)) {
    const attributes = new Map(
      [...tag.matchAll(ATTRIBUTE)].map(([, name = '', ...values]) => [
        name.toLowerCase(),
        values.find((value) => value !== undefined) ?? '',
      ]),
    );
    const region = attributes.get('content')?.trim().toLowerCase() ?? '';
    if (attributes.get('name')?.toLowerCase() === 'region' && isRegion(region)) {
      return region;
    }
  }
  return undefined;
}

/** The page's text, as far as it is read. */
async function readBounded({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    text += decoder.decode(chunk, { stream: true });
    if (length >= MAX_PAGE_BYTES) {
      break;
    }
  }
  return text;
}
