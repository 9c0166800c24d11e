import { isDeepStrictEqual } from 'node:util';

import { errorCode } from '../../common/log.ts';
import { l10n } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';
import { resolvePortalEndpoint } from '../../oidc/endpoint.ts';
import type { ConfiguredConnection, Connection, ConnectionProblem } from '../connection.ts';
import { isRegion } from '../../oidc/regionCode.ts';
import { DEFAULT_SCOPE } from '../scopeToken.ts';
import { parseConnection } from '../connectionsSetting.ts';
import { comparableStartUrl } from '../startUrl/startUrl.ts';
import { connectionProblems, refusalProblem, sectionProblem } from './awsConfigProblems.ts';
import type { EndpointEnvironment } from './awsEndpoints.ts';
import type { AwsPaths } from './awsPaths.ts';
import { NO_FILE, readConfigFile } from './configFile.ts';
import type { ParsedFile } from './grammar.ts';
import { configSections, credentialsSections } from './sections.ts';
import { ssoSections } from './ssoSections.ts';
import type { SectionFault, SsoSection } from './ssoSection.ts';
import type { SsoSections } from './ssoSections.ts';

/** A connection out of the AWS CLI's files. */
export interface AwsConfigConnection extends ConfiguredConnection {
  readonly origin: 'awsConfig';
  /** Where AWS's tools look for its token, the one that most profiles use first; never empty. */
  readonly cliKeys: readonly CliKey[];
}

/** A name under which AWS's tools look for the token of a sign-in. */
export interface CliKey {
  /** What the token's file is named after: the sso-session, else the start URL as written. */
  readonly cacheKey: string;
  /** As written. */
  readonly startUrl: string;
  /** What the AWS CLI asks for; never empty. */
  readonly scopes: readonly string[];
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

async function readFile(path: string): Promise<ReadFile> {
  try {
    const parsed = await readConfigFile(path);
    const [refusal] = parsed.refusals;
    return { parsed, problems: refusal === undefined ? [] : [refusalProblem(refusal, path)] };
  } catch (error) {
    return { parsed: NO_FILE, problems: [{ entry: path, message: unreadable(path, error) }] };
  }
}

function unreadable(path: string, error: unknown): Words {
  return errorCode(error) === 'ENOTREG'
    ? l10n.t("The AWS config file {0} isn't a regular file, so it wasn't read.", path)
    : l10n.t("Can't read the AWS config file: {0}.", (error as Error).message);
}

function connectionsOf({ sections, faults }: SsoSections): AwsConfig {
  const found = new Map<string, { readonly connection: Connection; readonly sections: SsoSection[] }>();
  const problems = new Map<string, readonly ConnectionProblem[]>();
  const sessionNames = new Set(sections.filter(({ kind }) => kind === 'sso-session').map(({ name }) => name));
  for (const section of sections) {
    const region = section.region.toLowerCase();
    const place = `${comparableStartUrl(section.startUrl)} ${region} ${section.endpoints.endpointUrl ?? ''}`;
    const scopes = scopesOf(section);
    const isNameTaken = section.kind === 'profile' && sessionNames.has(section.name);
    const parsed = parseSection({
      name: isNameTaken ? `${section.name} (profile)` : section.name,
      startUrl: section.startUrl,
      region,
      ...(scopes !== undefined && { scopes }),
      ...endpointsOf(section, region),
    });
    const known = found.get(place);
    if ('faults' in parsed) {
      // The first of many profiles with the same fault speaks for all.
      const key = `${place} ${JSON.stringify(parsed.faults)}`;
      if (!problems.has(key)) {
        problems.set(key, connectionProblems(section, parsed.faults));
      }
    } else if (known === undefined) {
      found.set(place, { connection: parsed.connection, sections: [section] });
    } else {
      known.sections.push(section);
      const fault = unusedEndpoints(section, known.sections[0]);
      const key = `${place} ${JSON.stringify(section.endpoints)}`;
      if (fault !== undefined && !problems.has(key)) {
        problems.set(key, [sectionProblem(fault)]);
      }
    }
  }
  for (const fault of faults) {
    const key =
      fault.kind === 'unknownSession' ? `${fault.kind} ${fault.session}` : `${fault.kind} ${fault.entry}`;
    if (!problems.has(key)) {
      problems.set(key, [sectionProblem(fault)]);
    }
  }
  return {
    connections: [...found.values()].map((one) => connectionOf(one.connection, one.sections)),
    problems: [...problems.values()].flat(),
  };
}

/** One connection has the endpoints of its first section: that is said where another one asks for FIPS, say. */
function unusedEndpoints(
  { path, entry, endpoints }: SsoSection,
  first?: SsoSection,
): SectionFault | undefined {
  return first === undefined || isDeepStrictEqual(endpoints, first.endpoints)
    ? undefined
    : { path, entry, kind: 'endpointsUnused', used: first.entry };
}

/** Text around a start URL is forgiven where somebody pastes it; to the AWS CLI, whatever is there is the start URL. */
function parseSection(members: { readonly startUrl: string }): ReturnType<typeof parseConnection> {
  const what = l10n.t("A start URL can't contain spaces, line breaks, or backslashes.");
  return /\s/.test(members.startUrl) ? { faults: [{ member: 'startUrl', what }] } : parseConnection(members);
}

/** One sign-in serves all sections of an Identity Center: it asks for what each of them asks for. */
function connectionOf(
  { scopes: _own, ...connection }: Connection,
  sections: readonly SsoSection[],
): AwsConfigConnection {
  const keys = new Map<string, CliKey>();
  const scopes = new Set<string>();
  for (const section of sections.toSorted((a, b) => b.users - a.users)) {
    const key = cliKeyOf(section);
    key.scopes.forEach((scope) => scopes.add(scope));
    keys.set(key.cacheKey, keys.get(key.cacheKey) ?? key);
  }
  const isSilent = sections.every((section) => scopesOf(section) === undefined);
  return {
    connection: { ...connection, ...(!isSilent && { scopes: [...scopes] }) },
    origin: 'awsConfig',
    cliKeys: [...keys.values()],
  };
}

function cliKeyOf(section: SsoSection): CliKey {
  const { kind, name, startUrl } = section;
  return {
    cacheKey: kind === 'sso-session' ? name : startUrl,
    startUrl,
    scopes: scopesOf(section) ?? [DEFAULT_SCOPE],
  };
}

/**
 * Where the AWS CLI sends only one service's requests elsewhere, it sends the other's to AWS: where one member of a
 * connection replaces both hosts, the portal's own is named.
 */
function endpointsOf({ endpoints }: SsoSection, region: string): Partial<Connection> {
  const { portalUrl, names: _names, ...members } = endpoints;
  if (portalUrl === members.endpointUrl) {
    return members;
  }
  const own = isRegion(region) ? resolvePortalEndpoint({ region }).origin : undefined;
  const portalEndpointUrl = portalUrl ?? own;
  return { ...members, ...(portalEndpointUrl !== undefined && { portalEndpointUrl }) };
}

/** Commas separate them, and nothing else (AWS CLI `sso/utils.parse_sso_registration_scopes`). */
function scopesOf({ scopes = '' }: SsoSection): readonly string[] | undefined {
  const list = scopes
    .split(',')
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '');
  return list.length === 0 ? undefined : list;
}
