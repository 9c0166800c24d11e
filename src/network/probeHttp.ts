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

const SIGN_IN = 'Open any web page in a browser to sign in to the network; check the proxy and the firewall.';

/** Asks `target` for anything with `fetch`, the one that sign-in uses, and looks at who answers and at its clock. */
export async function probeHttp(
  target: URL,
  fetch: typeof globalThis.fetch,
  context: ProbeContext,
): Promise<Probe<HttpFacts>> {
  const advice = 'Look at the first hop above that fails; if there is none, try again.';
  return probe(context, `No answer of the service from ${target.host}`, advice, async (signal) => {
    const response = await fetch(target, { redirect: 'manual', signal });
    const receivedAt = context.clock.now();
    await response.body?.cancel();
    const { status, headers } = response;
    if (status >= 300 && status < 400) {
      throw new ProbeError(
        'Redirected',
        `HTTP status ${status} redirects to ${placeOf(headers, target)}`,
        SIGN_IN,
      );
    }
    if (headers.get('content-type')?.includes('html')) {
      throw new ProbeError(
        'NotJson',
        `something else answers, with a web page and HTTP status ${status}`,
        SIGN_IN,
      );
    }
    return factsOf(target, response, receivedAt);
  });
}

function factsOf(
  target: URL,
  { status, headers }: Response,
  receivedAt: number,
): HttpFacts & { readonly summary: string } {
  const date = Date.parse(headers.get('date') ?? '');
  // The header is cut to whole seconds.
  const clockSkewMs = Number.isNaN(date) ? undefined : receivedAt - (date + 500);
  return {
    status,
    requestId: headers.get('x-amzn-requestid') ?? undefined,
    clockSkewMs,
    summary: `${target.host} answers with HTTP status ${status}. ${describeSkew(clockSkewMs)}`,
  };
}

function describeSkew(skewMs: number | undefined): string {
  if (skewMs === undefined) {
    return 'It does not tell the time.';
  }
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  return seconds < 2
    ? "This computer's clock agrees with its clock."
    : `This computer's clock is ${seconds} seconds ${skewMs > 0 ? 'ahead of' : 'behind'} its clock.`;
}

function placeOf(headers: Headers, target: URL): string {
  return URL.parse(headers.get('location') ?? '', target.href)?.host ?? 'nowhere';
}
