import * as v from 'valibot';
import { fitToShow } from '../common/outsideText.ts';
import { inEnglish, phrase, tabled } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import { isLoopbackHost } from '../oidc/endpoint.ts';
import type { SsoOidcError } from '../wire/errors.ts';
import { oidcEndpoint } from './connection.ts';
import type { Connection, ConnectionProblem } from './connection.ts';
import { FAULT_TEXT } from './faultText.ts';
import { isRegion } from './regions.ts';
import { SCOPE_TOKEN } from './scopeToken.ts';
import { normalizeStartUrl } from './startUrl/startUrl.ts';

/** The setting's usable entries, and what is wrong with the others. */
export interface ParsedConnections {
  readonly connections: readonly Connection[];
  readonly problems: readonly ConnectionProblem[];
}

const text = (message: string) => v.pipe(v.string(message), v.trim(), v.nonEmpty(message));

/** The message of an object's schema, which speaks for the object and for each member that is missing. */
const missingOr = (message: string) => (issue: v.ObjectIssue) =>
  issue.path === undefined ? message : FAULT_TEXT.missing;

const MUST_BE_OBJECT = missingOr(FAULT_TEXT.connection);

const arn = v.pipe(
  text(FAULT_TEXT.applicationArn),
  v.regex(/^arn:[\w-]+:[\w-]+:[\w-]*:\d*:\S+$/, FAULT_TEXT.arn),
);

const scopeToken = v.pipe(v.string(FAULT_TEXT.scope), v.regex(SCOPE_TOKEN, FAULT_TEXT.scopeWord));

const httpsUrl = v.pipe(
  text(FAULT_TEXT.httpsUrl),
  v.check((url) => URL.parse(url)?.protocol === 'https:', FAULT_TEXT.httpsUrl),
);

const startUrl = v.pipe(
  text(FAULT_TEXT.startUrl),
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

function nameToShow(name: string): string {
  return fitToShow(name, MAX_NAME);
}

const flag = v.exactOptional(v.boolean(FAULT_TEXT.flag));

const common = {
  name: v.pipe(
    text(FAULT_TEXT.name),
    v.regex(/^\P{Cc}+$/u, FAULT_TEXT.controlCharacters),
    v.transform(nameToShow),
    v.nonEmpty(FAULT_TEXT.name),
  ),
  region: v.pipe(text(FAULT_TEXT.region), v.check(isRegion, FAULT_TEXT.regionCode)),
  scopes: v.exactOptional(v.pipe(v.array(scopeToken, FAULT_TEXT.scopes), v.readonly())),
  endpointUrl: v.exactOptional(text(FAULT_TEXT.endpointUrl)),
  useFipsEndpoint: flag,
  useDualstackEndpoint: flag,
};

const interactiveSchema = v.pipe(
  v.object(
    {
      ...common,
      startUrl,
      flow: v.exactOptional(v.picklist(['deviceCode', 'authorizationCode'], FAULT_TEXT.flow)),
      issuerUrl: v.exactOptional(httpsUrl),
      entitledApplicationArn: v.exactOptional(arn),
    },
    MUST_BE_OBJECT,
  ),
  v.forward(
    v.check(
      ({ startUrl, endpointUrl }) => !startUrl.startsWith('http:') || isLoopbackUrl(endpointUrl),
      FAULT_TEXT.httpOnLoopback,
    ),
    ['startUrl'],
  ),
);

const exchangeSchema = v.object(
  {
    ...common,
    applicationArn: arn,
    flow: v.picklist(['jwtBearer', 'tokenExchange'], FAULT_TEXT.flow),
    assertionFrom: v.object(
      {
        providerId: v.pipe(text(FAULT_TEXT.providerId), v.notValue('aws-sso', FAULT_TEXT.ownProvider)),
        scopes: v.pipe(v.array(v.string(FAULT_TEXT.providerScope), FAULT_TEXT.providerScopes), v.readonly()),
      },
      missingOr(FAULT_TEXT.assertionFrom),
    ),
  },
  MUST_BE_OBJECT,
);

/** What a connection can do without: left blank, it counts as absent. */
const OPTIONAL_MEMBERS: ReadonlySet<string> = new Set([
  'endpointUrl',
  'entitledApplicationArn',
  'flow',
  'issuerUrl',
  'scopes',
  'useDualstackEndpoint',
  'useFipsEndpoint',
]);

/**
 * Reads one connection, as a person writes it or as this schema read it before. Unknown members are dropped, and
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

function schemaFor(item: unknown): typeof exchangeSchema | typeof interactiveSchema {
  const isExchange = v.is(v.object({ flow: v.picklist(['jwtBearer', 'tokenExchange']) }), item);
  return isExchange ? exchangeSchema : interactiveSchema;
}

function isLoopbackUrl(url: string | undefined): boolean {
  const host = url === undefined ? undefined : URL.parse(url)?.hostname;
  return host !== undefined && isLoopbackHost(host);
}

/** One thing that is wrong with a connection. */
export interface Fault {
  /** The member's path, such as `assertionFrom.providerId`; absent when it is the whole connection. */
  readonly member?: string;
  readonly what: Words;
}

/** Reads one connection, or says all that is wrong with it. */
export function parseConnection(
  value: unknown,
): { readonly connection: Connection } | { readonly faults: readonly Fault[] } {
  const result = v.safeParse(connectionSchema, value, { abortPipeEarly: true });
  if (!result.success) {
    return { faults: result.issues.map(faultOf) };
  }
  try {
    oidcEndpoint(result.output);
  } catch (error) {
    return { faults: [{ member: 'endpointUrl', what: (error as SsoOidcError).words }] };
  }
  return { connection: result.output };
}

function faultOf(issue: v.BaseIssue<unknown>): Fault {
  const member = v.getDotPath(issue);
  return { ...(member !== null && { member }), what: wordsOf(issue) };
}

/** An issue's message is a string: what the problem of a start URL has filled in is found again. */
function wordsOf({ type, input, message }: v.BaseIssue<unknown>): Words {
  const startUrl =
    type === 'raw_transform' ? normalizeStartUrl(String(input), { allowLoopback: true }) : undefined;
  return startUrl?.ok === false ? startUrl.problem : tabled(message);
}

/**
 * Reads the value of the setting `awsSso.connections`. A broken entry is reported and left out; it hides no other.
 * Of several entries with the same name the first counts.
 */
export function parseConnections(value: unknown): ParsedConnections {
  if (value === undefined || value === null) {
    return { connections: [], problems: [] };
  }
  if (!Array.isArray(value)) {
    const entry = 'awsSso.connections';
    return { connections: [], problems: [{ entry, message: [entry, ': ', phrase('Must be a list.')] }] };
  }
  const connections = new Map<string, Connection>();
  const problems: ConnectionProblem[] = [];
  for (const [index, item] of (value as readonly unknown[]).entries()) {
    const entry = describeEntry(item, index);
    const parsed = parseConnection(item);
    if ('faults' in parsed) {
      problems.push(...parsed.faults.map((fault) => problem(entry, fault)));
    } else if (connections.has(parsed.connection.name)) {
      const what = phrase('Entry #{0} has the name of an earlier one: rename it.', index + 1);
      problems.push(problem(entry, { member: 'name', what }));
    } else {
      connections.set(parsed.connection.name, parsed.connection);
    }
  }
  return { connections: [...connections.values()], problems };
}

function describeEntry(item: unknown, index: number): string {
  const named = v.safeParse(v.object({ name: v.pipe(v.string(), v.trim(), v.nonEmpty()) }), item);
  return named.success ? `"${nameToShow(named.output.name)}"` : `#${index + 1}`;
}

function problem(entry: string, { member, what }: Fault): ConnectionProblem {
  return member === undefined
    ? { entry, message: phrase('Connection {0}: {1}', entry, what) }
    : { entry, member, message: phrase('Connection {0}, {1}: {2}', entry, member, what) };
}
