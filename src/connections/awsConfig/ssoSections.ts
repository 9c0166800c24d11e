import { isDeepStrictEqual } from 'node:util';

import { awsEndpoints, UnknownServices } from './awsEndpoints.ts';
import type { AwsEndpoints, EndpointEnvironment } from './awsEndpoints.ts';
import { headerSuggestion } from './headerSuggestion.ts';
import { mergedProfiles } from './sections.ts';
import type { ConfigSections, NamedSection } from './sections.ts';
import type { SectionFault, SectionPlace, SsoSection } from './ssoSection.ts';

export interface SsoSections {
  /** `sso-session` sections first, each kind in the order of the files. */
  readonly sections: readonly SsoSection[];
  readonly faults: readonly SectionFault[];
}

/** What is read: the AWS CLI's two files, and the environment, whose endpoints count before theirs. */
export interface SsoSources extends ConfigSections {
  readonly credentials: ReadonlyMap<string, NamedSection>;
  readonly environment: EndpointEnvironment;
}

type Found = SsoSection | SectionFault;

/**
 * The sections that name an Identity Center, as the AWS CLI finds them: `[sso-session NAME]`, and profiles with a start
 * URL of their own. Keys of the credentials file count before those of the profile in the configuration file.
 */
export function ssoSections({ credentials, ...sources }: SsoSources): SsoSections {
  const merged = { ...sources, profiles: mergedProfiles(sources.profiles, credentials) };
  const found = [
    ...[...merged.ssoSessions].flatMap(([name, session]) => sessionSections(name, session, merged)),
    ...[...merged.profiles].flatMap(([name, profile]) => profileSection(name, profile, merged) ?? []),
    ...merged.others.flatMap((section) => (section.hasSsoKeys ? unreadHeader(section) : [])),
  ];
  return {
    sections: found.filter(isUsable),
    faults: found.filter((section) => !isUsable(section)),
  };
}

function isUsable(section: Found): section is SsoSection {
  return 'name' in section;
}

function unreadHeader(section: NamedSection): Found {
  return { ...placeOf(section), kind: 'unreadHeader', suggestion: headerSuggestion(section.header) };
}

function placeOf({ path, header }: NamedSection): SectionPlace {
  return { path, entry: `[${header}]` };
}

function sessionSections(
  name: string,
  section: NamedSection,
  sources: Omit<SsoSources, 'credentials'>,
): readonly Found[] {
  const place = placeOf(section);
  const { values } = section;
  const startUrl = values.get('sso_start_url') ?? '';
  const region = values.get('sso_region') ?? '';
  const users = [...sources.profiles.values()].filter((user) => user.values.get('sso_session') === name);
  if (startUrl === '') {
    return [{ ...place, kind: 'noStartUrl' }];
  }
  if (region === '') {
    const user = users.find((profile) => profile.values.has('sso_region'));
    return [{ ...place, kind: 'noRegion', ...(user !== undefined && { regionIn: `[${user.header}]` }) }];
  }
  const scopes = values.get('sso_registration_scopes');
  const { endpoints, faults } = sessionEndpoints(place, users, sources);
  return endpoints === undefined
    ? faults
    : [
        {
          ...place,
          kind: 'sso-session',
          name,
          startUrl,
          region,
          endpoints,
          users: users.length,
          ...(scopes !== undefined && { scopes }),
        },
        ...faults,
      ];
}

/**
 * Tools sign in to a session with the endpoints of one of its profiles, or else of the profile that is chosen. Where
 * its profiles differ, the first one counts, and that is reported.
 */
function sessionEndpoints(
  place: SectionPlace,
  users: readonly NamedSection[],
  sources: Omit<SsoSources, 'credentials'>,
): { readonly endpoints?: AwsEndpoints; readonly faults: readonly SectionFault[] } {
  const { AWS_PROFILE, AWS_DEFAULT_PROFILE } = sources.environment;
  const chosen = sources.profiles.get(AWS_PROFILE || AWS_DEFAULT_PROFILE || 'default');
  const [profile = chosen, ...others] = users;
  const found = endpointsOf(place, profile, sources);
  if ('fault' in found) {
    return { faults: [found.fault] };
  }
  const other = others.find((user) => !isDeepStrictEqual(endpointsOf(place, user, sources), found));
  return other === undefined || profile === undefined
    ? { ...found, faults: [] }
    : {
        ...found,
        faults: [
          { ...place, kind: 'endpointsDiffer', used: placeOf(profile).entry, other: placeOf(other).entry },
        ],
      };
}

function endpointsOf(
  place: SectionPlace,
  profile: NamedSection | undefined,
  { environment, services }: Pick<SsoSources, 'environment' | 'services'>,
): { readonly endpoints: AwsEndpoints } | { readonly fault: SectionFault } {
  try {
    return { endpoints: awsEndpoints(environment, profile?.values, services) };
  } catch (error) {
    if (error instanceof UnknownServices) {
      const at = profile === undefined ? place : placeOf(profile);
      return { fault: { ...at, kind: 'unknownServices', services: error.services } };
    }
    throw error;
  }
}

/** A profile of a session is no Identity Center of its own, but may contradict the session. */
function profileSection(
  name: string,
  section: NamedSection,
  sources: Omit<SsoSources, 'credentials'>,
): Found | undefined {
  const place = placeOf(section);
  const { values } = section;
  if (name.startsWith('sso-session') && section.hasSsoKeys) {
    return { ...place, kind: 'sessionInCredentials' };
  }
  const sessionName = values.get('sso_session') ?? '';
  if (sessionName !== '') {
    return sessionFault(place, sessionName, values, sources.ssoSessions.get(sessionName));
  }
  const startUrl = values.get('sso_start_url') ?? '';
  const region = values.get('sso_region') ?? '';
  if (startUrl === '') {
    return section.hasSsoKeys ? { ...place, kind: 'noStartUrl' } : undefined;
  }
  if (region === '') {
    return { ...place, kind: 'noRegion' };
  }
  const found = endpointsOf(place, section, sources);
  return 'fault' in found
    ? found.fault
    : { ...place, kind: 'profile', name, startUrl, region, users: 0, ...found };
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
