import * as v from 'valibot';

import { fitToShow } from '../common/outsideText.ts';
import { inEnglish } from '../common/words.ts';
import { isLoopbackHost } from '../oidc/endpoint.ts';
import type { Connection } from './connection.ts';
import type { FaultCode } from './faultText.ts';
import { EXCHANGE_FLOWS, INTERACTIVE_FLOWS } from './flowNames.ts';
import { isRegion } from '../oidc/regionCode.ts';
import { SCOPE_TOKEN } from './scopeToken.ts';
import { normalizeStartUrl } from './startUrl/startUrl.ts';

/** What is wrong, as the message of an issue: `FAULT_TEXT` says it in words. */
const fault = (code: FaultCode): FaultCode => code;

const text = (message: FaultCode) => v.pipe(v.string(message), v.trim(), v.nonEmpty(message));

/** The message of an object's schema, which speaks for the object and for each member that is missing. */
const missingOr = (message: FaultCode) => (issue: v.ObjectIssue) =>
  issue.path === undefined ? message : fault('missing');

const MUST_BE_OBJECT = missingOr(fault('connection'));

const arn = v.pipe(
  text(fault('applicationArn')),
  v.regex(/^arn:[\w-]+:[\w-]+:[\w-]*:\d*:\S+$/, fault('arn')),
);

const scopeToken = v.pipe(v.string(fault('scope')), v.regex(SCOPE_TOKEN, fault('scopeWord')));

const httpsUrl = v.pipe(
  text(fault('httpsUrl')),
  v.check((url) => URL.parse(url)?.protocol === 'https:', fault('httpsUrl')),
);

const startUrl = v.pipe(
  text(fault('startUrl')),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const result = normalizeStartUrl(dataset.value, { allowLoopback: true });
    if (result.ok) {
      return result.startUrl;
    }
    addIssue({ message: inEnglish(result.problem) });
    return NEVER;
  }),
);

/** It becomes a label, a title and a word in sentences. */
const MAX_NAME = 100;

/** A connection's name, as far as it fits where names are shown. */
export function nameToShow(name: string): string {
  return fitToShow(name, MAX_NAME);
}

const flag = v.exactOptional(v.boolean(fault('flag')));

const common = {
  name: v.pipe(
    text(fault('name')),
    v.regex(/^\P{Cc}+$/u, fault('controlCharacters')),
    v.transform(nameToShow),
    v.nonEmpty(fault('name')),
  ),
  region: v.pipe(text(fault('region')), v.check(isRegion, fault('regionCode'))),
  scopes: v.exactOptional(v.pipe(v.array(scopeToken, fault('scopes')), v.readonly())),
  endpointUrl: v.exactOptional(text(fault('endpointUrl'))),
  portalEndpointUrl: v.exactOptional(text(fault('portalEndpointUrl'))),
  useFipsEndpoint: flag,
  useDualstackEndpoint: flag,
  defaultRegion: v.exactOptional(v.pipe(text(fault('region')), v.check(isRegion, fault('regionCode')))),
};

const interactiveSchema = v.pipe(
  v.object(
    {
      ...common,
      startUrl,
      configuredStartUrl: v.exactOptional(startUrl),
      flow: v.exactOptional(v.picklist(INTERACTIVE_FLOWS, fault('flow'))),
      issuerUrl: v.exactOptional(httpsUrl),
      entitledApplicationArn: v.exactOptional(arn),
    },
    MUST_BE_OBJECT,
  ),
  v.forward(
    v.check(
      ({ startUrl, endpointUrl }) => !startUrl.startsWith('http:') || isLoopbackUrl(endpointUrl),
      fault('httpOnLoopback'),
    ),
    ['startUrl'],
  ),
);

/** What a setup link says of a connection: some members, by the same rules. */
export const linkedConnectionSchema = v.object(
  {
    startUrl: v.pipe(
      startUrl,
      v.check((url) => url.startsWith('https:'), fault('httpOnLoopback')),
    ),
    region: v.exactOptional(common.region),
    name: v.exactOptional(common.name),
  },
  MUST_BE_OBJECT,
);

const exchangeSchema = v.object(
  {
    ...common,
    applicationArn: arn,
    flow: v.picklist(EXCHANGE_FLOWS, fault('flow')),
    assertionFrom: v.object(
      {
        providerId: v.pipe(
          text(fault('providerId')),
          v.check((id) => id !== 'aws-sso', fault('ownProvider')),
        ),
        scopes: v.pipe(v.array(v.string(fault('providerScope')), fault('providerScopes')), v.readonly()),
      },
      missingOr(fault('assertionFrom')),
    ),
  },
  MUST_BE_OBJECT,
);

/** What a connection can do without: left blank, it counts as absent. */
const OPTIONAL_MEMBERS: ReadonlySet<string> = new Set([
  'configuredStartUrl',
  'defaultRegion',
  'endpointUrl',
  'entitledApplicationArn',
  'flow',
  'issuerUrl',
  'portalEndpointUrl',
  'scopes',
  'useDualstackEndpoint',
  'useFipsEndpoint',
]);

/**
 * Reads one connection, as a user writes it or as this schema read it before. Unknown members are dropped, and
 * optional ones that are left blank.
 */
export const connectionSchema: v.GenericSchema<unknown, Connection> = v.pipe(
  v.unknown(),
  v.transform(withoutBlanks),
  v.lazy(schemaFor),
);

function withoutBlanks(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return item;
  }
  const members = Object.entries(item);
  return Object.fromEntries(
    members.filter(([name, value]) => !OPTIONAL_MEMBERS.has(name) || !isBlank(value)),
  );
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}

const anyExchange = v.object({ flow: v.picklist(EXCHANGE_FLOWS) });

function schemaFor(item: unknown): typeof exchangeSchema | typeof interactiveSchema {
  return v.is(anyExchange, item) ? exchangeSchema : interactiveSchema;
}

function isLoopbackUrl(url: string | undefined): boolean {
  const host = url === undefined ? undefined : URL.parse(url)?.hostname;
  return host !== undefined && isLoopbackHost(host);
}
