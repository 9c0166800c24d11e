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
  'Open any web page in a browser to sign in to the network; check the proxy and the firewall.',
);

/** Asks `target` for anything with `fetch`, the one that sign-in uses, and looks at who answers and at its clock. */
export async function probeHttp(
  target: URL,
  fetch: typeof globalThis.fetch,
  context: ProbeContext,
): Promise<Probe<HttpFacts>> {
  const advice = l10n.t('Look at the first hop above that fails; if there is none, try again.');
  return probe(context, l10n.t('No answer of the service from {0}', target.host), advice, async (signal) => {
    const response = await fetch(target, { redirect: 'manual', signal });
    const receivedAt = context.clock.now();
    await response.body?.cancel();
    const { status, headers } = response;
    if (status >= 300 && status < 400) {
      throw new ProbeError(
        'Redirected',
        l10n.t('HTTP status {0} redirects to {1}', status, placeOf(headers, target)),
        SIGN_IN,
      );
    }
    if (headers.get('content-type')?.includes('html')) {
      throw new ProbeError(
        'NotJson',
        l10n.t('something else answers, with a web page and HTTP status {0}', status),
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
      l10n.t('{0} answers with HTTP status {1}.', target.host, status),
      describeSkew(clockSkewMs),
    ]),
  };
}

function describeSkew(skewMs: number | undefined): Words {
  if (skewMs === undefined) {
    return l10n.t('It does not tell the time.');
  }
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (seconds < 2) {
    return l10n.t("This computer's clock agrees with its clock.");
  }
  return skewMs > 0
    ? l10n.t("This computer's clock is {0} seconds ahead of its clock.", seconds)
    : l10n.t("This computer's clock is {0} seconds behind its clock.", seconds);
}

function placeOf(headers: Headers, target: URL): Words {
  return URL.parse(headers.get('location') ?? '', target.href)?.host ?? l10n.t('nowhere');
}
