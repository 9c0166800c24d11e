import { externalDataInterceptor, loadSharedConfigFiles } from '@smithy/core/config';

import { errorCode } from '../../common/log.ts';
import { unlessMissing } from '../../common/files/missingFile.ts';
import { readRegularFile } from '../../common/files/regularFile.ts';
import { phrase } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';
import type { ConfiguredConnection, ConnectionProblem } from '../connection.ts';
import { parseConnection } from '../settings.ts';
import type { Fault } from '../settings.ts';
import { comparableStartUrl } from '../startUrl/startUrl.ts';

// Import this module lazily: it brings the AWS SDK's loader along.

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

/** A section that names an Identity Center: an `[sso-session NAME]`, or a legacy `[profile NAME]`. */
interface SsoSection {
  readonly kind: 'sso-session' | 'profile';
  readonly name: string;
  readonly values: Readonly<Record<string, string | undefined>>;
}

/** `[sso-session NAME]` as the loader spells it, and with a quoted name that has spaces. */
const SECTION_HEADER = /^(sso-session|profile)(?:\.|\s+)(?:"(.+)"|'(.+)'|(.+))$/;

/** What the file calls a connection's members. */
const MEMBER_NAMES: Readonly<Record<string, string>> = {
  startUrl: 'sso_start_url',
  region: 'sso_region',
  scopes: 'sso_registration_scopes',
};

/**
 * The Identity Centers of the AWS CLI's configuration file: its `[sso-session NAME]` sections, then its profiles with
 * a start URL of their own, each start URL and region once. No file, no connections. What cannot be used is
 * reported and left out; it hides nothing else.
 */
export async function readAwsConfig(path: string): Promise<AwsConfig> {
  let text: string | undefined;
  try {
    text = await unlessMissing(readRegularFile(path));
  } catch (error) {
    return { connections: [], problems: [{ entry: path, message: unreadable(path, error) }] };
  }
  if (text === undefined) {
    return { connections: [], problems: [] };
  }
  const { connections, problems } = connectionsOf(ssoSections(await parseSections(text)), path);
  return { connections, problems: [...brokenLines(text, path), ...problems] };
}

function unreadable(path: string, error: unknown): Words {
  return errorCode(error) === 'ENOTREG'
    ? phrase("The AWS configuration {0} isn't a regular file, so it isn't read.", path)
    : phrase('The AWS configuration cannot be read: {0}.', (error as Error).message);
}

/**
 * The loader reads files by itself, whatever they are, and keeps what it read for the AWS SDK: it is given the text
 * under a name of ours instead, which no file has. It returns all sections of what it takes for the credentials file;
 * of the configuration file it drops those with spaces in their quoted names.
 */
async function parseSections(text: string): Promise<Readonly<Record<string, SsoSection['values']>>> {
  const name = 'aws-sso-auth:config';
  externalDataInterceptor.interceptFile(name, text);
  const { credentialsFile } = await loadSharedConfigFiles({ filepath: name, configFilepath: name });
  return credentialsFile;
}

function ssoSections(sections: Readonly<Record<string, SsoSection['values']>>): readonly SsoSection[] {
  const named = Object.entries(sections).flatMap(([header, values]): SsoSection[] => {
    const [, kind, ...names] = SECTION_HEADER.exec(header) ?? [];
    const name = names.find((part) => part !== undefined) ?? 'default';
    if (kind === 'sso-session') {
      return [{ kind, name, values }];
    }
    // A key without a value counts as absent.
    const isLegacy = (values['sso_start_url'] ?? '') !== '' && (values['sso_session'] ?? '') === '';
    return isLegacy && (kind === 'profile' || header === 'default')
      ? [{ kind: 'profile', name, values }]
      : [];
  });
  return named.toSorted((a, b) => Number(a.kind === 'profile') - Number(b.kind === 'profile'));
}

function connectionsOf(sections: readonly SsoSection[], path: string): AwsConfig {
  const connections = new Map<string, AwsConfigConnection>();
  const problems = new Map<string, readonly ConnectionProblem[]>();
  const sessionNames = new Set(sections.filter(({ kind }) => kind === 'sso-session').map(({ name }) => name));
  for (const section of sections) {
    const { kind, name, values } = section;
    const { sso_start_url: startUrl = '', sso_region: region = '' } = values;
    const key = `${comparableStartUrl(startUrl)} ${region}`;
    if (connections.has(key)) {
      continue;
    }
    const isNameTaken = kind === 'profile' && sessionNames.has(name);
    const parsed = parseConnection({
      name: isNameTaken ? `${name} (profile)` : name,
      startUrl,
      region,
      ...scopesOf(values),
    });
    if ('connection' in parsed) {
      const cliCacheKey = kind === 'sso-session' ? name : startUrl;
      connections.set(key, { connection: parsed.connection, origin: 'awsConfig', cliCacheKey });
    } else if (!problems.has(key)) {
      // The first of many profiles with the same fault speaks for all.
      problems.set(key, problemsOf(section, parsed.faults, path));
    }
  }
  return { connections: [...connections.values()], problems: [...problems.values()].flat() };
}

function scopesOf({ sso_registration_scopes: scopes }: SsoSection['values']): {
  readonly scopes?: readonly string[];
} {
  return scopes === undefined ? {} : { scopes: scopes.split(/[\s,]+/).filter((scope) => scope !== '') };
}

function problemsOf(
  section: SsoSection,
  faults: readonly Fault[],
  path: string,
): readonly ConnectionProblem[] {
  const entry = `[${section.kind} ${section.name}]`;
  return faults.map(({ member = '', what }) => {
    const written = MEMBER_NAMES[member];
    return written === undefined
      ? { entry, message: [`${path}, ${entry}: `, what] }
      : { entry, member: written, message: [`${path}, ${entry}, ${written}: `, what] };
  });
}

/** What makes AWS's tools misread the file or give it up: the loader passes over it in silence. */
function brokenLines(text: string, path: string): readonly ConnectionProblem[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const what = lineFault(line);
    const entry = phrase('line {0}', index + 1);
    return what === undefined ? [] : [{ entry, message: [`${path}, `, entry, ': ', what] }];
  });
}

function lineFault(line: string): Words | undefined {
  if (!/^\s*\[/.test(line)) {
    return undefined;
  }
  if (!line.includes(']')) {
    return phrase('The closing bracket is missing, so AWS tools count what follows to the section above.');
  }
  return /^\s*\[(?:profile\s+)?__proto__\]/.test(line)
    ? phrase('AWS tools refuse a file with a section of this name: rename it.')
    : undefined;
}
