import type { Clock } from '../common/clock.ts';
import { untilAborted } from '../common/timeout.ts';
import { l10n } from '../common/words.ts';
import { isExchangeConnection, oidcEndpoint } from '../connections/connection.ts';
import type { Connection } from '../connections/connection.ts';
import { resolveConnection } from '../connections/resolveConnection.ts';
import { resolveStartUrl } from '../connections/startUrl/resolveStartUrl.ts';
import { authorize } from '../flows/deviceCode/deviceCode.ts';
import type { FlowContext } from '../flows/flow.ts';
import type { ReadAuthorities } from '../network/authorities.ts';
import { probeHttp } from '../network/probeHttp.ts';
import { firstHop, probeName, probeProxy, probeTcp } from '../network/probes.ts';
import { probeTls } from '../network/probeTls.ts';
import { chooseRoute } from '../network/route.ts';
import type { NetworkSettings } from '../network/networkSettings.ts';
import { parseScopes } from '../sessions/scopes.ts';
import { findingOf, step } from './finding.ts';
import type { Finding } from './finding.ts';

/** What is needed to check the route to a connection's service. */
export interface ConnectionCheckParts {
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  readonly readNetworkSettings: () => NetworkSettings;
  readonly readAuthorities: ReadAuthorities;
  readonly flowContext: FlowContext;
}

/** Registering and starting take two requests, each perhaps repeated. In milliseconds. */
const SIGN_IN_MS = 15_000;
/** Beyond this, certificates and tokens seem not yet valid or expired. In milliseconds. */
const TOLERATED_SKEW_MS = 5 * 60_000;

/** Checks the route to the connection's service, step by step, up to the point where a user would see a code. */
export async function checkConnection(
  connection: Connection,
  parts: ConnectionCheckParts,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { clock, fetch } = parts;
  const target = oidcEndpoint(connection);
  const settings = parts.readNetworkSettings();
  const route = chooseRoute(target, settings);
  const hop = firstHop(target, route);
  const authorities = await untilAborted(signal, parts.readAuthorities(settings.systemCertificates));
  const context = { clock, signal };
  const [name, tcp, proxy, tls, http] = await Promise.all([
    probeName(hop, context),
    probeTcp(hop, context),
    probeProxy(target, route, authorities, context),
    probeTls(target, route, authorities, context),
    probeHttp(target, fetch, context),
  ]);
  const skewMs = http.outcome === 'ok' ? http.clockSkewMs : undefined;
  return [
    // Before the hops it is made of: it says who chose the proxy, and they only that nobody answered.
    findingOf(l10n.t('Proxy'), proxy),
    findingOf(l10n.t('Name resolution'), name),
    findingOf('TCP', tcp),
    ...(authorities.unread.length > 0 ? [unreadCertificates(authorities.unread)] : []),
    findingOf('TLS', tls),
    findingOf('HTTP', http),
    ...(skewMs !== undefined && Math.abs(skewMs) > TOLERATED_SKEW_MS ? [wrongClock(skewMs)] : []),
    await checkSignIn(connection, parts, signal),
  ];
}

function unreadCertificates(variables: readonly string[]): Finding {
  return {
    title: l10n.t('Certificate files'),
    outcome: 'failed',
    summary: l10n.t({
      message: "The files named by {0} don't respond or aren't regular files.",
      args: [variables.join(', ')],
      comment: ['{0} is a list of environment variables'],
    }),
    advice: l10n.t(
      'Correct the environment variable, or check the disk or network drive that the files are on.',
    ),
  };
}

function wrongClock(skewMs: number): Finding {
  const minutes = Math.round(Math.abs(skewMs) / 60_000);
  return {
    title: l10n.t('Clock'),
    outcome: 'failed',
    summary:
      skewMs > 0
        ? l10n.t("This computer's clock is {0} minutes ahead.", minutes)
        : l10n.t("This computer's clock is {0} minutes behind.", minutes),
    advice: l10n.t("Set this computer's date, time, and time zone, or turn on automatic time."),
  };
}

async function checkSignIn(
  connection: Connection,
  { clock, fetch, flowContext }: ConnectionCheckParts,
  signal: AbortSignal,
): Promise<Finding> {
  const title = l10n.t('Start URL, region, and registration');
  if (isExchangeConnection(connection)) {
    return {
      title,
      outcome: 'skipped',
      summary: l10n.t('This connection exchanges a token, so it has no start URL and registers no client.'),
    };
  }
  return step(title, { clock, limitMs: SIGN_IN_MS, signal }, async (limited) => {
    const found = await resolveConnection(connection, (startUrl) =>
      resolveStartUrl(startUrl, { fetch, clock, signal: limited }),
    );
    await authorize(flowContext, found, parseScopes(found.scopes ?? []).wire, limited);
    return l10n.t(
      'IAM Identity Center has the start URL {0} in {1} and lets this extension sign in.',
      connection.startUrl,
      found.region,
    );
  });
}
