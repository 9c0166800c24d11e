import * as v from 'valibot';
import { isLoopbackHost } from '../oidc/endpoint.ts';
import { oidcEndpoint } from './connection.ts';
import type { Connection, ConnectionProblem } from './connection.ts';
import { isRegion } from './regions.ts';
import { normalizeStartUrl } from './startUrl.ts';

/** The setting's usable entries, and what is wrong with the others. */
export interface ParsedConnections {
  readonly connections: readonly Connection[];
  readonly problems: readonly ConnectionProblem[];
}

const text = (what: string) =>
  v.pipe(v.string(`Must be ${what}.`), v.trim(), v.nonEmpty(`Must be ${what}, not empty.`));

/** The message of an object's schema, which speaks for the object and for each member that is missing. */
const missingOr = (message: string) => (issue: v.ObjectIssue) =>
  issue.path === undefined ? message : 'This member is missing.';

const MUST_BE_OBJECT = missingOr('Must be an object with name, startUrl and region.');

const arn = v.pipe(
  text('the ARN of an Identity Center application'),
  v.regex(
    /^arn:[\w-]+:[\w-]+:[\w-]*:\d*:\S+$/,
    'This is not an ARN, such as arn:aws:sso::123456789012:application/….',
  ),
);

/** RFC 6749, section 3.3. */
const scopeToken = v.pipe(
  v.string('Must be a scope, such as "sso:account:access".'),
  v.regex(
    /^[\x21\x23-\x5B\x5D-\x7E]+$/,
    'This is not a scope: a scope is one word, such as "sso:account:access".',
  ),
);

const httpsUrl = v.pipe(
  text('a URL that begins with https://'),
  v.check((url) => URL.parse(url)?.protocol === 'https:', 'Must be a URL that begins with https://.'),
);

const startUrl = v.pipe(
  text("the URL of your AWS access portal, such as 'https://d-1234567890.awsapps.com/start'"),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const result = normalizeStartUrl(dataset.value, { allowLoopback: true });
    if (result.ok) {
      return result.startUrl;
    }
    addIssue({ message: result.problem });
    return NEVER;
  }),
);

const flag = v.exactOptional(v.boolean('Must be true or false.'));

const common = {
  name: v.pipe(text('a name for the connection'), v.regex(/^\P{Cc}+$/u, 'Must have no control characters.')),
  region: v.pipe(
    text("the region of your Identity Center, such as 'eu-central-1'"),
    v.check(isRegion, "This is not a region's code, such as 'eu-central-1'."),
  ),
  scopes: v.exactOptional(v.pipe(v.array(scopeToken, 'Must be a list of scopes.'), v.readonly())),
  endpointUrl: v.exactOptional(text('the URL that replaces the service hosts')),
  useFipsEndpoint: flag,
  useDualstackEndpoint: flag,
};

const FLOWS = 'Must be "deviceCode", "authorizationCode", "jwtBearer" or "tokenExchange".';

const interactiveSchema = v.pipe(
  v.object(
    {
      ...common,
      startUrl,
      flow: v.exactOptional(v.picklist(['deviceCode', 'authorizationCode'], FLOWS)),
      issuerUrl: v.exactOptional(httpsUrl),
      entitledApplicationArn: v.exactOptional(arn),
    },
    MUST_BE_OBJECT,
  ),
  v.forward(
    v.check(
      ({ startUrl, endpointUrl }) => !startUrl.startsWith('http:') || isLoopbackUrl(endpointUrl),
      'http:// is only for an endpointUrl on loopback: use https://.',
    ),
    ['startUrl'],
  ),
);

const exchangeSchema = v.object(
  {
    ...common,
    applicationArn: arn,
    flow: v.picklist(['jwtBearer', 'tokenExchange'], FLOWS),
    assertionFrom: v.object(
      {
        providerId: v.pipe(
          text('the id of an authentication provider'),
          v.notValue(
            'aws-sso',
            "Must name another provider than 'aws-sso': its tokens are what the exchange is for.",
          ),
        ),
        scopes: v.pipe(
          v.array(v.string('Must be text.'), "Must be the list of scopes of the other provider's session."),
          v.readonly(),
        ),
      },
      missingOr('Must say whose token is exchanged: { "providerId": …, "scopes": […] }.'),
    ),
  },
  MUST_BE_OBJECT,
);

/** Reads one connection, as a person writes it or as this schema read it before. Unknown members are dropped. */
export const connectionSchema: v.GenericSchema<unknown, Connection> = v.lazy(schemaFor);

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
  readonly what: string;
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
    return { faults: [{ member: 'endpointUrl', what: (error as Error).message }] };
  }
  return { connection: result.output };
}

function faultOf(issue: v.BaseIssue<unknown>): Fault {
  const member = v.getDotPath(issue);
  return { ...(member !== null && { member }), what: issue.message };
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
    return { connections: [], problems: [{ entry, message: `${entry}: Must be a list.` }] };
  }
  const connections = new Map<string, Connection>();
  const problems: ConnectionProblem[] = [];
  for (const [index, item] of (value as readonly unknown[]).entries()) {
    const entry = describeEntry(item, index);
    const parsed = parseConnection(item);
    if ('faults' in parsed) {
      problems.push(...parsed.faults.map((fault) => problem(entry, fault)));
    } else if (connections.has(parsed.connection.name)) {
      const what = `Entry #${index + 1} has the name of an earlier one: rename it.`;
      problems.push(problem(entry, { member: 'name', what }));
    } else {
      connections.set(parsed.connection.name, parsed.connection);
    }
  }
  return { connections: [...connections.values()], problems };
}

function describeEntry(item: unknown, index: number): string {
  const named = v.safeParse(v.object({ name: v.pipe(v.string(), v.trim(), v.nonEmpty()) }), item);
  return named.success ? `"${named.output.name}"` : `#${index + 1}`;
}

function problem(entry: string, { member, what }: Fault): ConnectionProblem {
  return member === undefined
    ? { entry, message: `Connection ${entry}: ${what}` }
    : { entry, member, message: `Connection ${entry}, ${member}: ${what}` };
}
