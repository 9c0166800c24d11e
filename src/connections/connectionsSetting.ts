import * as v from 'valibot';

import { l10n } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import type { SsoOidcError } from '../wire/errors.ts';
import { oidcEndpoint, portalEndpoint } from './connection.ts';
import type { Connection, ConnectionProblem } from './connection.ts';
import { connectionSchema, nameToShow } from './connectionSchema.ts';
import { FAULT_TEXT, isFaultCode } from './faultText.ts';
import { normalizeStartUrl } from './startUrl/startUrl.ts';

/** The setting's usable entries, and what is wrong with the others. */
export interface ParsedConnections {
  readonly connections: readonly Connection[];
  readonly problems: readonly ConnectionProblem[];
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
  const parsed = parseWith(connectionSchema, value);
  if ('faults' in parsed) {
    return parsed;
  }
  const connection = parsed.output;
  const what = endpointFault(() => oidcEndpoint(connection));
  if (what !== undefined) {
    return { faults: [{ member: 'endpointUrl', what }] };
  }
  const portal = endpointFault(() => portalEndpoint(connection));
  return portal === undefined ? { connection } : { faults: [{ member: 'portalEndpointUrl', what: portal }] };
}

/** Reads a value by a schema whose messages are the codes of faults, or says all that is wrong with it. */
export function parseWith<T>(
  schema: v.GenericSchema<unknown, T>,
  value: unknown,
): { readonly output: T } | { readonly faults: readonly Fault[] } {
  const result = v.safeParse(schema, value, { abortPipeEarly: true });
  return result.success ? { output: result.output } : { faults: result.issues.map(faultOf) };
}

function endpointFault(resolve: () => URL): Words | undefined {
  try {
    resolve();
    return undefined;
  } catch (error) {
    return (error as SsoOidcError).words;
  }
}

function faultOf(issue: v.BaseIssue<unknown>): Fault {
  const member = v.getDotPath(issue);
  return { ...(member !== null && { member }), what: issueWords(issue) };
}

/** An issue's message is a code; what the problem of a start URL has filled in is found again. */
function issueWords({ type, input, message }: v.BaseIssue<unknown>): Words {
  const startUrl =
    type === 'raw_transform' ? normalizeStartUrl(String(input), { allowLoopback: true }) : undefined;
  if (startUrl?.ok === false) {
    return startUrl.problem;
  }
  return isFaultCode(message) ? FAULT_TEXT[message] : message;
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
    return { connections: [], problems: [{ entry, message: [entry, ': ', l10n.t('Must be a list.')] }] };
  }
  const connections = new Map<string, Connection>();
  const problems: ConnectionProblem[] = [];
  for (const [index, item] of (value as readonly unknown[]).entries()) {
    const entry = describeEntry(item, index);
    const parsed = parseConnection(item);
    if ('faults' in parsed) {
      problems.push(...parsed.faults.map((fault) => problem(entry, fault)));
    } else if (connections.has(parsed.connection.name)) {
      const what = l10n.t('Entry #{0} has the same name as an earlier one. Rename it.', index + 1);
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
    ? {
        entry,
        message: l10n.t({
          message: 'Connection {0}: {1}',
          args: [entry, what],
          comment: ['{0} is the name of a connection, {1} a sentence about it'],
        }),
      }
    : {
        entry,
        member,
        message: l10n.t({
          message: 'Connection {0}, {1}: {2}',
          args: [entry, member, what],
          comment: [
            '{0} is the name of a connection, {1} a property, such as startUrl, {2} a sentence about it',
          ],
        }),
      };
}
