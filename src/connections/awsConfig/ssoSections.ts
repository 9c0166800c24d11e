import type { ConfigSections, NamedSection } from './sections.ts';

/** A section that names an Identity Center. */
export interface SsoSection {
  readonly kind: 'sso-session' | 'profile';
  readonly name: string;
  /** As the file has it, for messages: `[sso-session acme]`. */
  readonly entry: string;
  /** As written. */
  readonly startUrl: string;
  /** As written. */
  readonly region: string;
  /** As written; absent where the section has none. */
  readonly scopes?: string;
}

/** Why a section that looks like an Identity Center gives no connection. */
export type SectionFault =
  | { readonly entry: string; readonly kind: 'noStartUrl' }
  | {
      readonly entry: string;
      readonly kind: 'noRegion';
      /** A profile that has the region the session lacks. */
      readonly regionIn?: string;
    }
  | { readonly entry: string; readonly kind: 'unknownSession'; readonly session: string }
  | {
      readonly entry: string;
      readonly kind: 'conflict';
      readonly session: string;
      /** What both have, with different values. */
      readonly key: string;
    };

export interface SsoSections {
  /** `sso-session` sections first, each kind in the order of the files. */
  readonly sections: readonly SsoSection[];
  readonly faults: readonly SectionFault[];
}

/**
 * The sections that name an Identity Center, as the AWS CLI finds them: `[sso-session NAME]`, and profiles with a start
 * URL of their own. Keys of the credentials file count before those of the profile in the configuration file.
 */
export function ssoSections(
  { profiles, ssoSessions }: ConfigSections,
  credentials: ReadonlyMap<string, NamedSection>,
): SsoSections {
  const merged = mergedProfiles(profiles, credentials);
  const sections: SsoSection[] = [];
  const faults: SectionFault[] = [];
  const add = (found: SsoSection | SectionFault | undefined): void => {
    if (found !== undefined) {
      if ('name' in found) {
        sections.push(found);
      } else {
        faults.push(found);
      }
    }
  };
  for (const [name, session] of ssoSessions) {
    add(sessionSection(name, session, merged));
  }
  for (const [name, profile] of merged) {
    add(profileSection(name, profile, ssoSessions));
  }
  return { sections, faults };
}

function mergedProfiles(
  profiles: ReadonlyMap<string, NamedSection>,
  credentials: ReadonlyMap<string, NamedSection>,
): ReadonlyMap<string, NamedSection> {
  const merged = new Map(profiles);
  for (const [name, { header, values }] of credentials) {
    const profile = merged.get(name);
    merged.set(
      name,
      profile === undefined
        ? { header, values }
        : { header: profile.header, values: new Map([...profile.values, ...values]) },
    );
  }
  return merged;
}

function sessionSection(
  name: string,
  { header, values }: NamedSection,
  profiles: ReadonlyMap<string, NamedSection>,
): SsoSection | SectionFault {
  const entry = `[${header}]`;
  const startUrl = values.get('sso_start_url') ?? '';
  const region = values.get('sso_region') ?? '';
  if (startUrl === '') {
    return { entry, kind: 'noStartUrl' };
  }
  if (region === '') {
    const user = [...profiles.values()].find(
      (profile) => profile.values.get('sso_session') === name && profile.values.has('sso_region'),
    );
    return { entry, kind: 'noRegion', ...(user !== undefined && { regionIn: `[${user.header}]` }) };
  }
  const scopes = values.get('sso_registration_scopes');
  return { kind: 'sso-session', name, entry, startUrl, region, ...(scopes !== undefined && { scopes }) };
}

/** A profile of a session is no Identity Center of its own, but may contradict the session. */
function profileSection(
  name: string,
  { header, values }: NamedSection,
  ssoSessions: ReadonlyMap<string, NamedSection>,
): SsoSection | SectionFault | undefined {
  const entry = `[${header}]`;
  const sessionName = values.get('sso_session') ?? '';
  if (sessionName !== '') {
    return sessionFault(entry, sessionName, values, ssoSessions.get(sessionName));
  }
  const startUrl = values.get('sso_start_url') ?? '';
  const region = values.get('sso_region') ?? '';
  if (startUrl === '') {
    return [...values.keys()].some((key) => key.startsWith('sso_'))
      ? { entry, kind: 'noStartUrl' }
      : undefined;
  }
  return region === '' ? { entry, kind: 'noRegion' } : { kind: 'profile', name, entry, startUrl, region };
}

/** The AWS CLI refuses a profile whose own values differ from its session's. */
function sessionFault(
  entry: string,
  sessionName: string,
  values: NamedSection['values'],
  session: NamedSection | undefined,
): SectionFault | undefined {
  if (session === undefined) {
    return { entry, kind: 'unknownSession', session: sessionName };
  }
  const [key] = [...session.values].find(([name, value]) => (values.get(name) ?? value) !== value) ?? [];
  return key === undefined ? undefined : { entry, kind: 'conflict', session: sessionName, key };
}
