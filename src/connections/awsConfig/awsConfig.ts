import { unlessMissing } from '../../common/files/missingFile.ts';
import { readRegularBytes } from '../../common/files/regularFile.ts';
import { errorCode } from '../../common/log.ts';
import { l10n } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';
import type { ConfiguredConnection, ConnectionProblem } from '../connection.ts';
import { parseConnection } from '../settings.ts';
import { comparableStartUrl } from '../startUrl/startUrl.ts';
import { connectionProblems, refusalProblem, sectionProblem } from './awsConfigProblems.ts';
import { parseConfigBytes } from './grammar.ts';
import { configSections } from './sections.ts';
import { ssoSections } from './ssoSections.ts';
import type { SsoSection, SsoSections } from './ssoSections.ts';

/** A connection out of the AWS CLI's configuration. */
export interface AwsConfigConnection extends ConfiguredConnection {
  readonly origin: 'awsConfig';
  /** What the AWS CLI names the connection's token file after: the sso-session, else the start URL as written. */
  readonly cliCacheKey: string;
}

/** What the AWS CLI's configuration file holds for us, and what is wrong with it. */
export interface AwsConfig {
  readonly connections: readonly AwsConfigConnection[];
  readonly problems: readonly ConnectionProblem[];
}

/**
 * The Identity Centers of the AWS CLI's configuration file, as the AWS CLI reads it: its `[sso-session NAME]` sections,
 * then its profiles with a start URL of their own, each start URL and region once. No file, no connections. What
 * cannot be used is reported and left out; it hides nothing else. A file that the AWS CLI refuses gives what can be
 * read of it, and a problem that says so.
 */
export async function readAwsConfig(path: string): Promise<AwsConfig> {
  let file: Awaited<ReturnType<typeof readRegularBytes>> | undefined;
  try {
    file = await unlessMissing(readRegularBytes(path));
  } catch (error) {
    return { connections: [], problems: [{ entry: path, message: unreadable(path, error) }] };
  }
  if (file === undefined) {
    return { connections: [], problems: [] };
  }
  const parsed = parseConfigBytes(file.bytes);
  const { connections, problems } = connectionsOf(ssoSections(configSections(parsed), new Map()), path);
  const [refusal] = parsed.refusals;
  return {
    connections,
    problems: [...(refusal === undefined ? [] : [refusalProblem(refusal, path)]), ...problems],
  };
}

function unreadable(path: string, error: unknown): Words {
  return errorCode(error) === 'ENOTREG'
    ? l10n.t("The AWS config file {0} isn't a regular file, so it wasn't read.", path)
    : l10n.t("Can't read the AWS config file: {0}.", (error as Error).message);
}

function connectionsOf({ sections, faults }: SsoSections, path: string): AwsConfig {
  const connections = new Map<string, AwsConfigConnection>();
  const problems = new Map<string, readonly ConnectionProblem[]>();
  const sessionNames = new Set(sections.filter(({ kind }) => kind === 'sso-session').map(({ name }) => name));
  for (const section of sections) {
    const { kind, name, startUrl } = section;
    const region = section.region.toLowerCase();
    const key = `${comparableStartUrl(startUrl)} ${region}`;
    if (connections.has(key)) {
      continue;
    }
    const isNameTaken = kind === 'profile' && sessionNames.has(name);
    const parsed = parseConnection({
      name: isNameTaken ? `${name} (profile)` : name,
      startUrl,
      region,
      ...scopesOf(section),
    });
    if ('connection' in parsed) {
      const cliCacheKey = kind === 'sso-session' ? name : startUrl;
      connections.set(key, { connection: parsed.connection, origin: 'awsConfig', cliCacheKey });
    } else if (!problems.has(key)) {
      // The first of many profiles with the same fault speaks for all.
      problems.set(key, connectionProblems(section, parsed.faults, path));
    }
  }
  for (const fault of faults) {
    const key =
      fault.kind === 'unknownSession' ? `${fault.kind} ${fault.session}` : `${fault.kind} ${fault.entry}`;
    if (!problems.has(key)) {
      problems.set(key, [sectionProblem(fault, path)]);
    }
  }
  return { connections: [...connections.values()], problems: [...problems.values()].flat() };
}

/** Commas separate them, and nothing else (AWS CLI `sso/utils.parse_sso_registration_scopes`). */
function scopesOf({ scopes = '' }: SsoSection): { readonly scopes?: readonly string[] } {
  const list = scopes
    .split(',')
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '');
  return list.length === 0 ? {} : { scopes: list };
}
