import { split } from 'shlex';

import type { ParsedFile, Section } from './grammar.ts';

/** What the AWS CLI finds in a configuration file (botocore `configloader.build_profile_map`). */
export interface ConfigSections {
  /** By name, `default` included, in the order in which the file first has them. */
  readonly profiles: ReadonlyMap<string, NamedSection>;
  /** By name. */
  readonly ssoSessions: ReadonlyMap<string, NamedSection>;
}

export interface NamedSection {
  /** As it is written between the brackets. */
  readonly header: string;
  readonly values: Section;
}

/**
 * Sorts the sections by what they are. Names are quoted as in a shell; of two sections that come to the same name,
 * such as `[default]` and `[profile default]`, the last one counts whole.
 */
export function configSections({ sections }: ParsedFile): ConfigSections {
  const profiles = new Map<string, NamedSection>();
  const ssoSessions = new Map<string, NamedSection>();
  for (const [header, values] of sections) {
    const section = { header, values };
    const name = quotedName(header);
    if (header === 'default') {
      profiles.set(header, section);
    } else if (header.startsWith('profile') && name !== undefined) {
      profiles.set(name, section);
    } else if (header.startsWith('sso-session') && name !== undefined) {
      ssoSessions.set(name, section);
    }
  }
  return { profiles, ssoSessions };
}

/** Of a credentials file every section is a profile, by the name between its brackets. */
export function credentialsSections({ sections }: ParsedFile): ReadonlyMap<string, NamedSection> {
  return new Map([...sections].map(([header, values]) => [header, { header, values }]));
}

/** The second of exactly two words. */
function quotedName(header: string): string | undefined {
  try {
    const words = split(header);
    return words.length === 2 ? words[1] : undefined;
  } catch {
    // A quotation mark or a backslash without its other half.
    return undefined;
  }
}
