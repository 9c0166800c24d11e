import type { Connection } from '../connection.ts';
import { nestedValues } from './sections.ts';
import type { NamedSection } from './sections.ts';
import type { Section } from './grammar.ts';

/** What of the environment says which hosts AWS's tools call. */
export type EndpointEnvironment = Readonly<Record<string, string | undefined>>;

/** The hosts of the two services. Both URLs as written. */
export type AwsEndpoints = Pick<Connection, 'endpointUrl' | 'useFipsEndpoint' | 'useDualstackEndpoint'> & {
  /** Where the portal's requests go, if not to AWS's own host. */
  readonly portalUrl?: string;
  /** What says so of each URL, for messages: a variable of the environment, or `endpoint_url` in the files. */
  readonly names: Readonly<Record<'endpointUrl' | 'portalUrl', string>>;
};

/** The `services` section that a profile names is not there: the AWS CLI refuses to work with the profile. */
export class UnknownServices extends Error {
  override readonly name = 'UnknownServices';
  readonly services: string;

  constructor(services: string) {
    super(`There is no [services ${services}].`);
    this.services = services;
  }
}

/**
 * The hosts that the AWS CLI calls with this profile (botocore `ConfiguredEndpointProvider`; AWS SDKs and Tools
 * Reference Guide, "Service-specific endpoints"): the environment counts before the file, and in each what is for one
 * service before what is for all.
 * @throws UnknownServices
 */
export function awsEndpoints(
  environment: EndpointEnvironment,
  profile: Section = new Map(),
  services: ReadonlyMap<string, NamedSection> = new Map(),
): AwsEndpoints {
  const isOn = (variable: string): boolean =>
    (environment[`AWS_${variable}`] ?? profile.get(variable.toLowerCase()))?.toLowerCase() === 'true';
  const isIgnored = isOn('IGNORE_CONFIGURED_ENDPOINT_URLS');
  const urlOf = (service: 'SSO' | 'SSO_OIDC'): NamedUrl =>
    isIgnored
      ? { name: IN_FILE }
      : firstOf([
          ...[`AWS_ENDPOINT_URL_${service}`, 'AWS_ENDPOINT_URL'].map(
            (name) => [name, () => environment[name]] as const,
          ),
          [IN_FILE, () => serviceValues(profile, services, service).get('endpoint_url')],
          [IN_FILE, () => profile.get('endpoint_url')],
        ]);
  const endpoint = urlOf('SSO_OIDC');
  const portal = urlOf('SSO');
  return {
    ...(endpoint.url !== undefined && { endpointUrl: endpoint.url }),
    ...(portal.url !== undefined && { portalUrl: portal.url }),
    names: { endpointUrl: endpoint.name, portalUrl: portal.name },
    ...(isOn('USE_FIPS_ENDPOINT') && { useFipsEndpoint: true }),
    ...(isOn('USE_DUALSTACK_ENDPOINT') && { useDualstackEndpoint: true }),
  };
}

interface NamedUrl {
  readonly name: string;
  readonly url?: string;
}

const IN_FILE = 'endpoint_url';

function firstOf(places: readonly (readonly [name: string, read: () => string | undefined])[]): NamedUrl {
  for (const [name, read] of places) {
    const url = read();
    if (url !== undefined && url !== '') {
      return { name, url };
    }
  }
  return { name: IN_FILE };
}

function serviceValues(
  profile: Section,
  services: ReadonlyMap<string, NamedSection>,
  service: string,
): Section {
  const name = profile.get('services');
  if (name === undefined) {
    return new Map();
  }
  const section = services.get(name);
  if (section === undefined || section.values.size === 0) {
    throw new UnknownServices(name);
  }
  return nestedValues(section.values.get(service.toLowerCase()));
}
