import { unlessMissing } from '../../common/files/missingFile.ts';
import { readRegularBytes } from '../../common/files/regularFile.ts';
import { errorCode } from '../../common/log.ts';
import { l10n } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';
import { resolvePortalEndpoint } from '../../oidc/endpoint.ts';
import type { ConfiguredConnection, Connection, ConnectionProblem } from '../connection.ts';
import { isRegion } from '../regions.ts';
import { parseConnection } from '../settings.ts';
import { comparableStartUrl } from '../startUrl/startUrl.ts';
import { connectionProblems, refusalProblem, sectionProblem } from './awsConfigProblems.ts';
import type { EndpointEnvironment } from './awsEndpoints.ts';
import type { AwsPaths } from './awsPaths.ts';
import { parseConfigBytes } from './grammar.ts';
import type { ParsedFile } from './grammar.ts';
import { configSections, credentialsSections } from './sections.ts';
import { ssoSections } from './ssoSections.ts';
import type { SsoSection, SsoSections } from './ssoSections.ts';

/** A connection out of the AWS CLI's files. */
export interface AwsConfigConnection extends ConfiguredConnection {
  readonly origin: 'awsConfig';
  /** What the AWS CLI names the connection's token file after: the sso-session, else the start URL as written. */
  readonly cliCacheKey: string;
}

/** What the AWS CLI's files hold for us, and what is wrong with them. */
export interface AwsConfig {
  readonly connections: readonly AwsConfigConnection[];
  readonly problems: readonly ConnectionProblem[];
}

/**
 * The Identity Centers of the AWS CLI's two files, as the AWS CLI reads them: its `[sso-session NAME]` sections, then
 * its profiles with a start URL of their own, each start URL and region once. No file, no connections. What cannot be
 * used is reported and left out; it hides nothing else. A file that the AWS CLI refuses gives what can be read of it,
 * and a problem that says so.
 */
export async function readAwsConfig(paths: AwsPaths, environment: EndpointEnvironment): Promise<AwsConfig> {
  const config = await readFile(paths.config);
  const credentials = await readFile(paths.credentials);
  const { connections, problems } = connectionsOf(
    ssoSections({
      ...configSections(config.parsed, paths.config),
      credentials: credentialsSections(credentials.parsed, paths.credentials),
      environment,
    }),
  );
  return { connections, problems: [...config.problems, ...credentials.problems, ...problems] };
}

interface ReadFile {
  readonly parsed: ParsedFile;
  /** What is wrong with the file as a whole. */
  readonly problems: readonly ConnectionProblem[];
}

const NOTHING: ParsedFile = { sections: new Map(), refusals: [] };

async function readFile(path: string): Promise<ReadFile> {
  try {
    const file = await unlessMissing(readRegularBytes(path));
    const parsed = file === undefined ? NOTHING : parseConfigBytes(file.bytes);
    const [refusal] = parsed.refusals;
    return { parsed, problems: refusal === undefined ? [] : [refusalProblem(refusal, path)] };
  } catch (error) {
    return { parsed: NOTHING, problems: [{ entry: path, message: unreadable(path, error) }] };
  }
}

function unreadable(path: string, error: unknown): Words {
  return errorCode(error) === 'ENOTREG'
    ? l10n.t("The AWS config file {0} isn't a regular file, so it wasn't read.", path)
    : l10n.t("Can't read the AWS config file: {0}.", (error as Error).message);
}

function connectionsOf({ sections, faults }: SsoSections): AwsConfig {
  const connections = new Map<string, AwsConfigConnection>();
  const problems = new Map<string, readonly ConnectionProblem[]>();
  const sessionNames = new Set(sections.filter(({ kind }) => kind === 'sso-session').map(({ name }) => name));
  for (const section of sections) {
    const { kind, name, startUrl } = section;
    const region = section.region.toLowerCase();
    const key = `${comparableStartUrl(startUrl)} ${region} ${section.endpoints.endpointUrl ?? ''}`;
    if (connections.has(key)) {
      continue;
    }
    const isNameTaken = kind === 'profile' && sessionNames.has(name);
    const parsed = parseConnection({
      name: isNameTaken ? `${name} (profile)` : name,
      startUrl,
      region,
      ...scopesOf(section),
      ...endpointsOf(section, region),
    });
    if ('connection' in parsed) {
      const cliCacheKey = kind === 'sso-session' ? name : startUrl;
      connections.set(key, { connection: parsed.connection, origin: 'awsConfig', cliCacheKey });
    } else if (!problems.has(key)) {
      // The first of many profiles with the same fault speaks for all.
      problems.set(key, connectionProblems(section, parsed.faults));
    }
  }
  for (const fault of faults) {
    const key =
      fault.kind === 'unknownSession' ? `${fault.kind} ${fault.session}` : `${fault.kind} ${fault.entry}`;
    if (!problems.has(key)) {
      problems.set(key, [sectionProblem(fault)]);
    }
  }
  return { connections: [...connections.values()], problems: [...problems.values()].flat() };
}

/**
 * Where the AWS CLI sends only one service's requests elsewhere, it sends the other's to AWS: where one member of a
 * connection replaces both hosts, the portal's own is named.
 */
function endpointsOf({ endpoints }: SsoSection, region: string): Partial<Connection> {
  const { portalUrl, ...members } = endpoints;
  if (portalUrl === members.endpointUrl) {
    return members;
  }
  const own = isRegion(region) ? resolvePortalEndpoint({ region }).origin : undefined;
  const portalEndpointUrl = portalUrl ?? own;
  return { ...members, ...(portalEndpointUrl !== undefined && { portalEndpointUrl }) };
}

/** Commas separate them, and nothing else (AWS CLI `sso/utils.parse_sso_registration_scopes`). */
function scopesOf({ scopes = '' }: SsoSection): { readonly scopes?: readonly string[] } {
  const list = scopes
    .split(',')
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '');
  return list.length === 0 ? {} : { scopes: list };
}
