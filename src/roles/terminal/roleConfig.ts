import { strip } from '../../connections/awsConfig/grammar.ts';
import type { ParsedFile, Section } from '../../connections/awsConfig/grammar.ts';
import { isDefaultProfile } from '../../connections/awsConfig/sections.ts';

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

/**
 * The `~/.aws/config` of a role terminal: the user's own, with a default profile that is the role. The tools that never
 * ask a container's endpoint (the SDK for Ruby), and those to which any default profile comes first, take the role from
 * there.
 * @param credentialProcess the command that asks the endpoint: see `credentialProcess.ts`
 * @param region of the default profile; absent where `AWS_REGION` says it, as in role terminals
 */
export function roleConfigText({ sections }: ParsedFile, credentialProcess: string, region?: string): string {
  const own =
    [...sections].find(([header]) => header === 'default') ??
    [...sections].find(([header]) => isDefaultProfile(header));
  const defaults = new Map([
    ...without(own?.[1] ?? new Map(), SELECTORS),
    ...(region === undefined ? [] : [['region', region] as const]),
    ['credential_process', credentialProcess],
  ]);
  const others = [...sections].filter(([header]) => !isDefaultProfile(header));
  return [
    '# Made by AWS SSO Authentication for role terminals. Changes to it are lost: edit your own file instead.\n',
    sectionText('default', defaults),
    ...others.map(([header, section]) => sectionText(header, without(section, SECRETS))),
  ].join('\n');
}

function without(section: Section, left: ReadonlySet<string>): Section {
  return new Map(
    [...section].filter(([key]) => !left.has(key)).map(([key, value]) => [key, withoutSecretLines(value)]),
  );
}

/** The SDKs take an indented line for a key of the section, where the AWS CLI takes it for more of the value before. */
function withoutSecretLines(value: string): string {
  const [first, ...more] = value.split('\n');
  return [first, ...more.filter((line) => !SECRETS.has(keyOf(line)))].join('\n');
}

function keyOf(line: string): string {
  const [key = ''] = line.split(/[=:]/, 1);
  return strip(key).toLowerCase();
}

/** The lines of a value, those of a nested section among them, are continued by an indent. */
function sectionText(header: string, section: Section): string {
  const lines = [...section].map(([key, value]) => `${key} = ${value.split('\n').join('\n  ')}`.trimEnd());
  return [`[${header}]`, ...lines, ''].join('\n');
}
