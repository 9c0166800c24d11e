import { joined, l10n } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import { metadataOf } from '../wire/metadata.ts';
import { probe, ProbeError } from './probe.ts';
import type { Probe, ProbeContext } from './probe.ts';

/** What answered, and when. */
export interface HttpFacts {
  readonly status: number;
  /** AWS's id of the request, when it was AWS that answered. */
  readonly requestId: string | undefined;
  /** How far this computer's clock is ahead of the server's, in milliseconds, to half a second or so. */
  readonly clockSkewMs: number | undefined;
}

const SIGN_IN = l10n.t(
  'Open a web page in a browser to sign in to the network. Check the proxy and the firewall.',
);

/**
 * Asks `target` for anything with `fetch`, the one that sign-in uses, and checks who responds, and that server's
 * clock.
 */
export async function probeHttp(
  target: URL,
  fetch: typeof globalThis.fetch,
  context: ProbeContext,
): Promise<Probe<HttpFacts>> {
  const advice = l10n.t('See the first step above that failed. If there is none, try again.');
  return probe(context, l10n.t("Can't reach the service at {0}.", target.host), advice, async (signal) => {
    const response = await fetch(target, { redirect: 'manual', signal });
    const receivedAt = context.clock.now();
    await response.body?.cancel();
    const { status, headers } = response;
    if (status >= 300 && status < 400) {
      throw new ProbeError('Redirected', redirectWords(status, headers, target), SIGN_IN);
    }
    if (headers.get('content-type')?.includes('html')) {
      throw new ProbeError(
        'NotJson',
        l10n.t('Something other than the service responded, with a web page and HTTP status {0}.', status),
        SIGN_IN,
      );
    }
    return factsOf(target, response, receivedAt);
  });
}

function factsOf(
  target: URL,
  response: Response,
  receivedAt: number,
): HttpFacts & { readonly summary: Words } {
  const { status, headers } = response;
  const date = Date.parse(headers.get('date') ?? '');
  // The header is cut to whole seconds.
  const clockSkewMs = Number.isNaN(date) ? undefined : receivedAt - (date + 500);
  return {
    status,
    requestId: metadataOf(response, 0, []).RequestId,
    clockSkewMs,
    summary: joined(' ', [
      l10n.t('{0} responded with HTTP status {1}.', target.host, status),
      describeSkew(clockSkewMs),
    ]),
  };
}

function describeSkew(skewMs: number | undefined): Words {
  if (skewMs === undefined) {
    return l10n.t('The response has no Date header.');
  }
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (seconds < 2) {
    return l10n.t("This computer's clock agrees with the server's clock.");
  }
  return skewMs > 0
    ? l10n.t("This computer's clock is {0} seconds ahead of the server's clock.", seconds)
    : l10n.t("This computer's clock is {0} seconds behind the server's clock.", seconds);
}

function redirectWords(status: number, headers: Headers, target: URL): Words {
  const host = URL.parse(headers.get('location') ?? '', target.href)?.host;
  return host === undefined
    ? l10n.t('HTTP status {0} is a redirect without a target.', status)
    : l10n.t('HTTP status {0} redirects to {1}.', status, host);
}
