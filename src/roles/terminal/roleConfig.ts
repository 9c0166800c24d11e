import type { ParsedFile, Section } from '../../connections/awsConfig/grammar.ts';

/** Never copied: a file of ours holds no key. */
const SECRETS = new Set([
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_session_token',
  'aws_security_token',
]);
/** What has a profile take its credentials from elsewhere. */
const SELECTORS = new Set([
  ...SECRETS,
  'credential_process',
  'credential_source',
  'duration_seconds',
  'external_id',
  'login_session',
  'mfa_serial',
  'role_arn',
  'role_session_name',
  'source_profile',
  'sso_account_id',
  'sso_region',
  'sso_role_name',
  'sso_session',
  'sso_start_url',
  'web_identity_token_file',
  'region',
]);
const DEFAULT_HEADERS = new Set(['default', 'profile default']);

/**
 * The `~/.aws/config` of a role terminal: the user's own, with a default profile that is the role. The tools that never
 * ask a container's endpoint (the SDK for Ruby), and those to which any default profile comes first, take the role from
 * there. Its region is the terminal's `AWS_REGION`.
 * @param credentialProcess the command that asks the endpoint: see `credentialProcess.ts`
 */
export function roleConfigText({ sections }: ParsedFile, credentialProcess: string): string {
  const own =
    [...sections].find(([header]) => header === 'default') ??
    [...sections].find(([header]) => DEFAULT_HEADERS.has(header));
  const defaults = new Map([
    ...without(own?.[1] ?? new Map(), SELECTORS),
    ['credential_process', credentialProcess],
  ]);
  const others = [...sections].filter(([header]) => !DEFAULT_HEADERS.has(header));
  return [
    '# Made by AWS SSO Authentication for role terminals. Changes to it are lost: edit your own file instead.\n',
    sectionText('default', defaults),
    ...others.map(([header, section]) => sectionText(header, without(section, SECRETS))),
  ].join('\n');
}

function without(section: Section, left: ReadonlySet<string>): Section {
  return new Map([...section].filter(([key]) => !left.has(key)));
}

/** The lines of a value, those of a nested section among them, are continued by an indent. */
function sectionText(header: string, section: Section): string {
  const lines = [...section].map(([key, value]) => `${key} = ${value.split('\n').join('\n  ')}`.trimEnd());
  return [`[${header}]`, ...lines, ''].join('\n');
}
