import { hasSsoKeys, mergedProfiles } from './sections.ts';
import type { ConfigSections, NamedSection } from './sections.ts';

/** Where a section is, for messages. */
export interface SectionPlace {
  /** The file. */
  readonly path: string;
  /** As the file has it: `[sso-session acme]`. */
  readonly entry: string;
}

/** A section that names an Identity Center. */
export interface SsoSection extends SectionPlace {
  readonly kind: 'sso-session' | 'profile';
  readonly name: string;
  /** As written. */
  readonly startUrl: string;
  /** As written. */
  readonly region: string;
  /** As written; absent where the section has none. */
  readonly scopes?: string;
}

/** Why a section that looks like an Identity Center gives no connection. */
export type SectionFault = SectionPlace &
  (
    | { readonly kind: 'noStartUrl' }
    | {
        readonly kind: 'noRegion';
        /** A profile that has the region the session lacks. */
        readonly regionIn?: string;
      }
    | { readonly kind: 'unknownSession'; readonly session: string }
    | {
        readonly kind: 'conflict';
        readonly session: string;
        /** What both have, with different values. */
        readonly key: string;
      }
    /** Tools look for it in the configuration file only. */
    | { readonly kind: 'sessionInCredentials' }
  );

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
  const found = [
    ...[...ssoSessions].map(([name, session]) => sessionSection(name, session, merged)),
    ...[...merged].map(([name, profile]) => profileSection(name, profile, ssoSessions)),
  ].filter((section) => section !== undefined);
  return {
    sections: found.filter(isUsable),
    faults: found.filter((section) => !isUsable(section)),
  };
}

function isUsable(section: SsoSection | SectionFault): section is SsoSection {
  return 'name' in section;
}

function placeOf({ path, header }: NamedSection): SectionPlace {
  return { path, entry: `[${header}]` };
}

function sessionSection(
  name: string,
  section: NamedSection,
  profiles: ReadonlyMap<string, NamedSection>,
): SsoSection | SectionFault {
  const place = placeOf(section);
  const { values } = section;
  const startUrl = values.get('sso_start_url') ?? '';
  const region = values.get('sso_region') ?? '';
  if (startUrl === '') {
    return { ...place, kind: 'noStartUrl' };
  }
  if (region === '') {
    const user = [...profiles.values()].find(
      (profile) => profile.values.get('sso_session') === name && profile.values.has('sso_region'),
    );
    return { ...place, kind: 'noRegion', ...(user !== undefined && { regionIn: `[${user.header}]` }) };
  }
  const scopes = values.get('sso_registration_scopes');
  return { ...place, kind: 'sso-session', name, startUrl, region, ...(scopes !== undefined && { scopes }) };
}

/** A profile of a session is no Identity Center of its own, but may contradict the session. */
function profileSection(
  name: string,
  section: NamedSection,
  ssoSessions: ReadonlyMap<string, NamedSection>,
): SsoSection | SectionFault | undefined {
  const place = placeOf(section);
  const { values } = section;
  if (name.startsWith('sso-session') && hasSsoKeys(section)) {
    return { ...place, kind: 'sessionInCredentials' };
  }
  const sessionName = values.get('sso_session') ?? '';
  if (sessionName !== '') {
    return sessionFault(place, sessionName, values, ssoSessions.get(sessionName));
  }
  const startUrl = values.get('sso_start_url') ?? '';
  const region = values.get('sso_region') ?? '';
  if (startUrl === '') {
    return hasSsoKeys(section) ? { ...place, kind: 'noStartUrl' } : undefined;
  }
  return region === ''
    ? { ...place, kind: 'noRegion' }
    : { ...place, kind: 'profile', name, startUrl, region };
}

/** The AWS CLI refuses a profile whose own values differ from its session's. */
function sessionFault(
  place: SectionPlace,
  sessionName: string,
  values: NamedSection['values'],
  session: NamedSection | undefined,
): SectionFault | undefined {
  if (session === undefined) {
    return { ...place, kind: 'unknownSession', session: sessionName };
  }
  const [key] = [...session.values].find(([name, value]) => (values.get(name) ?? value) !== value) ?? [];
  return key === undefined ? undefined : { ...place, kind: 'conflict', session: sessionName, key };
}
