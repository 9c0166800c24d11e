import { split } from 'shlex';

import { splitLines, strip } from './grammar.ts';
import type { ParsedFile, Section } from './grammar.ts';

/** What the AWS CLI finds in a configuration file (botocore `configloader.build_profile_map`). */
export interface ConfigSections {
  /** By name, `default` included, in the order in which the file first has them. */
  readonly profiles: ReadonlyMap<string, NamedSection>;
  /** By name. */
  readonly ssoSessions: ReadonlyMap<string, NamedSection>;
  /** What `services = NAME` in a profile refers to, by name. */
  readonly services: ReadonlyMap<string, NamedSection>;
  /** Those that are none of these. */
  readonly others: readonly NamedSection[];
}

export interface NamedSection {
  /** The file it is in. */
  readonly path: string;
  /** As it is written between the brackets. */
  readonly header: string;
  readonly values: Section;
  /** Whether the section itself, and not only `[DEFAULT]`, has anything about signing in. */
  readonly hasSsoKeys: boolean;
}

/**
 * Sorts the sections by what they are. Names are quoted as in a shell; of two sections that come to the same name,
 * such as `[default]` and `[profile default]`, the last one counts whole.
 */
export function configSections({ sections, defaults }: ParsedFile, path: string): ConfigSections {
  const profiles = new Map<string, NamedSection>();
  const ssoSessions = new Map<string, NamedSection>();
  const services = new Map<string, NamedSection>();
  const others: NamedSection[] = [];
  for (const [header, values] of sections) {
    const section = { path, header, values, hasSsoKeys: hasSsoKeys(values, defaults) };
    const profile = profileName(header);
    const name = quotedName(header);
    if (profile !== undefined) {
      profiles.set(profile, section);
    } else if (header.startsWith('sso-session') && name !== undefined) {
      ssoSessions.set(name, section);
    } else if (header.startsWith('services') && name !== undefined) {
      services.set(name, section);
    } else {
      others.push(section);
    }
  }
  if (profiles.size === 0 && ssoSessions.size === 0) {
    others.push({ path, header: 'DEFAULT', values: defaults, hasSsoKeys: hasSsoKeys(defaults) });
  }
  return { profiles, ssoSessions, services, others };
}

/** The profile that a section of `~/.aws/config` is. */
function profileName(header: string): string | undefined {
  if (header === 'default') {
    return header;
  }
  return header.startsWith('profile') ? quotedName(header) : undefined;
}

/** Whether any tool takes the section, of either file, for the default profile: some trim what is in the brackets. */
export function isDefaultProfile(header: string): boolean {
  return profileName(strip(header)) === 'default';
}

/** The keys of a value that begins on the next line, as written (botocore `configloader._parse_nested`). */
export function nestedValues(value = ''): Section {
  const lines = value.startsWith('\n') ? splitLines(value) : [];
  return new Map(
    lines
      .filter((line) => line.includes('='))
      .map((line) => {
        const [key = '', ...rest] = line.split('=');
        return [strip(key), strip(rest.join('='))];
      }),
  );
}

/** Of a credentials file every section is a profile, by the name between its brackets. */
export function credentialsSections(
  { sections, defaults }: ParsedFile,
  path: string,
): ReadonlyMap<string, NamedSection> {
  return new Map(
    [...sections].map(([header, values]) => [
      header,
      { path, header, values, hasSsoKeys: hasSsoKeys(values, defaults) },
    ]),
  );
}

/** What the AWS CLI makes of both files (botocore `Session.full_config`): a profile's keys are put together. */
export function mergedProfiles(
  profiles: ReadonlyMap<string, NamedSection>,
  credentials: ReadonlyMap<string, NamedSection>,
): ReadonlyMap<string, NamedSection> {
  const merged = new Map(profiles);
  for (const [name, section] of credentials) {
    const profile = merged.get(name);
    const values = new Map([...(profile?.values ?? []), ...section.values]);
    // A message names the file that says where to sign in.
    merged.set(name, { ...(profile === undefined || section.hasSsoKeys ? section : profile), values });
  }
  return merged;
}

function hasSsoKeys(values: Section, inherited: Section = new Map()): boolean {
  return [...values].some(([key, value]) => key.startsWith('sso_') && inherited.get(key) !== value);
}

/** A code point that is no character: it stands for a dollar sign, which to `split` begins quoting of a kind that Python's `shlex` lacks. */
const DOLLAR = '\uFDD0';

/** The second of exactly two words. */
function quotedName(header: string): string | undefined {
  try {
    const words = split(header.replaceAll('$', DOLLAR));
    return words.length === 2 ? words[1]?.replaceAll(DOLLAR, '$') : undefined;
  } catch {
    // A quotation mark or a backslash without its other half.
    return undefined;
  }
}
