import { deadline, systemClock } from '../../common/clock.ts';
import type { Clock } from '../../common/clock.ts';
import { joined, l10n, WordedError, wordsOf } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';
import { systemSaid } from '../../wire/quotedWords.ts';
import { isOwnedHost } from './hosts.ts';
import { normalizeStartUrl } from './startUrl.ts';

/** How long the company's own server may take, in milliseconds. */
const DEADLINE_MS = 10_000;

export type StartUrlErrorCode =
  /** The host answers, but does not lead to an access portal. */
  | 'notAPortal'
  /** The host cannot be reached, or not in time. */
  | 'unreachable';

/** The outside world, as `resolveStartUrl` sees it. */
export interface ResolveOptions {
  readonly fetch: typeof globalThis.fetch;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

/** Why a start URL leads to no access portal. The message is for the user. */
export class StartUrlError extends WordedError {
  override readonly name = 'StartUrlError';
  readonly code: StartUrlErrorCode;

  constructor(code: StartUrlErrorCode, words: Words, options?: ErrorOptions) {
    super(words, options);
    this.code = code;
  }
}

/**
 * The start URL of the access portal that `startUrl` leads to. Companies put a domain of their own in front of the
 * portal, which answers with a redirect to it; one redirect is followed, over https. A start URL on a host that AWS
 * owns, or one on loopback (which is for an `endpointUrl`), is returned as it is.
 * @param startUrl as `normalizeStartUrl` returns it
 * @throws StartUrlError; the signal's reason when it aborts
 */
export async function resolveStartUrl(startUrl: string, options: ResolveOptions): Promise<string> {
  const url = new URL(startUrl);
  if (isOwnedHost(url.hostname) || url.protocol !== 'https:') {
    return startUrl;
  }
  const response = await requestOnce(url, options);
  const location = redirectTarget(response, startUrl);
  if (location === undefined) {
    throw notAPortal(
      url,
      l10n.t('The server responded with HTTP status {0} instead of a redirect.', response.status),
    );
  }
  const portal = normalizeStartUrl(location.href);
  if (!portal.ok || !isOwnedHost(new URL(portal.startUrl).hostname)) {
    throw notAPortal(url, l10n.t('The server redirects to {0}.', `${location.protocol}//${location.host}`));
  }
  return portal.startUrl;
}

async function requestOnce(
  url: URL,
  { fetch, clock = systemClock, signal }: ResolveOptions,
): Promise<Response> {
  const tooSlow = (): Error => new WordedError(l10n.t('No response within {0} seconds.', DEADLINE_MS / 1000));
  const limit = deadline(clock, DEADLINE_MS, tooSlow, signal);
  try {
    const response = await fetch(url, { redirect: 'manual', signal: limit.signal });
    await response.body?.cancel();
    return response;
  } catch (error) {
    signal?.throwIfAborted();
    throw new StartUrlError(
      'unreachable',
      joined(' ', [
        l10n.t("Can't reach {0}.", url.host),
        systemSaid(reasonOf(error)),
        l10n.t('Check the spelling of the start URL, and your network.'),
      ]),
      { cause: error },
    );
  } finally {
    limit.dispose();
  }
}

function redirectTarget({ status, headers }: Response, base: string): URL | undefined {
  const location = headers.get('location');
  return status >= 300 && status < 400 && location !== null
    ? (URL.parse(location, base) ?? undefined)
    : undefined;
}

/** `fetch` says only "fetch failed"; the system's own words are in its cause. */
function reasonOf(error: unknown): Words {
  const { cause } = error as Error;
  return wordsOf(cause instanceof Error && cause.message !== '' ? cause : error);
}

function notAPortal(url: URL, why: Words): StartUrlError {
  return new StartUrlError(
    'notAPortal',
    joined(' ', [
      l10n.t({
        message: "{0} doesn't lead to an AWS access portal.",
        args: [url.host],
        comment: ['{0} is a host'],
      }),
      why,
      l10n.t(
        'Open it in a browser and use the URL of the portal you arrive at, such as {0}.',
        'https://d-1234567890.awsapps.com/start',
      ),
    ]),
  );
}
