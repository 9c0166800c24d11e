/** A terminal's environment as VS Code takes it: `null` removes what the terminal would inherit. */
export type TerminalEnvironment = Readonly<Record<string, string | null>>;

export interface RoleTerminal {
  /** See `CredentialsGrant`. */
  readonly url: string;
  readonly token: string;
  readonly region: string;
  /** Stands for `~/.aws/config`: see `roleConfig.ts`. */
  readonly configFile: string;
  /** The user's own, or one that stands for it: see `roleFiles.ts`. */
  readonly credentialsFile: string;
}

const PROFILES = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'] as const;

/**
 * What makes AWS's tools take credentials from elsewhere. Each must be absent, not empty: an empty `AWS_PROFILE` is an
 * error to the AWS CLI.
 */
const SELECTORS = [
  ...PROFILES,
  'AWS_ACCESS_KEY_ID',
  'AWS_ACCESS_KEY',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AMAZON_ACCESS_KEY_ID',
  'AMAZON_SECRET_ACCESS_KEY',
  'AMAZON_SESSION_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_CREDENTIAL_FILE',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
] as const;

/**
 * What single tools take credentials from: AWS's SDKs for one service (`AWS_BEARER_TOKEN_BEDROCK`), osls for one stage
 * (`AWS_DEV_PROFILE`), and s3fs.
 */
const OTHER_SELECTORS =
  /^(?:AWS_BEARER_TOKEN_\w+|AWS_\w+_(?:PROFILE|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|AWS(?:ACCESSKEYID|SECRETACCESSKEY|SESSIONTOKEN))$/;

/** What prompts show as the profile in use, of tools that start a shell for one: it isn't what the terminal is. */
const SHOWN_BY_PROMPTS = /^(?:AWS_VAULT|AWSU_PROFILE|AWSUME_PROFILE|AWS_SESSION_EXPIRATION)$/;

/** Whether a single tool takes credentials from the variable of this name, before it looks anywhere else. */
export function selectsForOneTool(name: string): boolean {
  return OTHER_SELECTORS.test(name);
}

/** Distinguishes the terminals of one role from all others. */
export const CREDENTIALS_URL = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';

const LOOPBACK = '127.0.0.1';
const PROXIES = new Set(['http_proxy', 'https_proxy', 'all_proxy']);

/**
 * The environment in which AWS's tools are the role, and nobody else.
 * @param inherited what the terminal would have without it
 */
export function roleTerminalEnvironment(
  { url, token, region, configFile, credentialsFile }: RoleTerminal,
  inherited: Readonly<Record<string, string | undefined>>,
): TerminalEnvironment {
  return {
    ...removed(SELECTORS),
    ...removed(
      Object.keys(inherited).filter((name) => selectsForOneTool(name) || SHOWN_BY_PROMPTS.test(name)),
    ),
    ...withoutProxy(inherited),
    [CREDENTIALS_URL]: url,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: configFile,
    // Older SDKs read AWS_CONFIG_FILE only then.
    AWS_SDK_LOAD_CONFIG: '1',
    AWS_SHARED_CREDENTIALS_FILE: credentialsFile,
    // GDAL's own name for it; it doesn't know AWS's.
    CPL_AWS_CREDENTIALS_FILE: credentialsFile,
  };
}

/** What a role that is used in a whole window is told by: see `windowRoleEnvironment`. */
export interface WindowRole {
  /** See `CredentialsGrant`. */
  readonly url: string;
  readonly token: string;
  /** Has the role's region: see `roleConfig.ts`. */
  readonly configFile: string;
  /** As of a role terminal. */
  readonly credentialsFile: string;
}

/** Where the default profile of a window's role asks, outside role terminals: see `credentialProcess.ts`. */
export const WINDOW_ROLE_URL = 'AWS_SSO_WINDOW_ROLE_URL';
export const WINDOW_ROLE_TOKEN = 'AWS_SSO_WINDOW_ROLE_TOKEN';

/**
 * What makes AWS's tools the role in the terminals, tasks and debuggees of a window, role terminals excepted. VS Code
 * applies it last, to role terminals as well, and can remove nothing: so it has no variable by which a role terminal is
 * another role, and its region is in the configuration. A profile that is inherited becomes the default one.
 */
export function windowRoleEnvironment(
  { url, token, configFile, credentialsFile }: WindowRole,
  inherited: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const profiles = PROFILES.filter((name) => inherited[name] !== undefined);
  return {
    [WINDOW_ROLE_URL]: url,
    [WINDOW_ROLE_TOKEN]: token,
    AWS_CONFIG_FILE: configFile,
    AWS_SDK_LOAD_CONFIG: '1',
    AWS_SHARED_CREDENTIALS_FILE: credentialsFile,
    CPL_AWS_CREDENTIALS_FILE: credentialsFile,
    ...Object.fromEntries(profiles.map((name) => [name, 'default'])),
  };
}

/** What selects credentials before any profile does, in some tool at least. */
const WINNERS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_ACCESS_KEY',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'AMAZON_ACCESS_KEY_ID',
  'AMAZON_SECRET_ACCESS_KEY',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  CREDENTIALS_URL,
] as const;
const REGIONS = ['AWS_REGION', 'AWS_DEFAULT_REGION'] as const;

/** The names of what is inherited and wins over the role of a window, or over its region: nothing can remove it there. */
export function winningOverWindowRole(
  inherited: Readonly<Record<string, string | undefined>>,
  region: string,
): { readonly credentials: readonly string[]; readonly region: readonly string[] } {
  const others = Object.keys(inherited).filter(
    (name) => selectsForOneTool(name) && !PROFILES.some((profile) => profile === name),
  );
  return {
    credentials: [...WINNERS, ...others].filter((name) => Boolean(inherited[name])),
    region: REGIONS.filter((name) => Boolean(inherited[name]) && inherited[name] !== region),
  };
}

/**
 * What the terminals of a window with a role are to have, for a look at what the shell's startup files do to it.
 * @param environment of the window: see `windowRoleEnvironment`
 */
export function windowTerminalEnvironment(
  environment: Readonly<Record<string, string>>,
): TerminalEnvironment {
  return { ...removed([...WINNERS, ...PROFILES]), ...environment };
}

function removed(names: readonly string[]): TerminalEnvironment {
  return Object.fromEntries(names.map((name) => [name, null]));
}

/** Some tools ask even this machine through a proxy (the AWS SDK for Rust). */
function withoutProxy(inherited: Readonly<Record<string, string | undefined>>): TerminalEnvironment {
  const entries = Object.entries(inherited).filter((entry): entry is [string, string] => Boolean(entry[1]));
  if (!entries.some(([name]) => PROXIES.has(name.toLowerCase()))) {
    return {};
  }
  const own = (wanted: string): string | undefined => entries.find(([name]) => name === wanted)?.[1];
  const names = ['NO_PROXY', 'no_proxy'] as const;
  return Object.fromEntries(
    names.map((name) => [name, withLoopback(own(name) ?? own('NO_PROXY') ?? own('no_proxy') ?? '')]),
  );
}

function withLoopback(hosts: string): string {
  const known = hosts.split(/[\s,]+/).filter(Boolean);
  return known.includes('*') || known.includes(LOOPBACK) ? hosts : [...known, LOOPBACK].join(',');
}
