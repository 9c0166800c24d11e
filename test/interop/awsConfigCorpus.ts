/** Files as users have them: the AWS CLI's own, hand-written ones, and those that reports are about. */
export interface CorpusFiles {
  readonly shape: string;
  readonly config: Uint8Array;
  readonly credentials?: Uint8Array;
}

const SESSION = `[sso-session corp]
sso_start_url = https://d-1234567890.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access
`;
const PROFILE = `[profile dev]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Developer
region = eu-central-1
output = json
`;
const LEGACY = `[profile old]
sso_start_url = https://d-1234567890.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = Developer
`;
const KEYS = `[default]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = not-a-key
`;

const files = (shape: string, config: string | Uint8Array, credentials?: string): CorpusFiles => ({
  shape,
  config: Buffer.from(config),
  ...(credentials !== undefined && { credentials: Buffer.from(credentials) }),
});

export const CORPUS: readonly CorpusFiles[] = [
  files('as aws configure sso writes it', `${PROFILE}${SESSION}`),
  files('as aws configure sso wrote it before sso-session', LEGACY),
  files('as aws configure writes it, keys in the other file', '[default]\nregion = eu-west-1\n', KEYS),
  files('as aws configure sso writes a name with a blank', SESSION.replace('corp', "'My Corp'")),
  files(
    'names in double quotes',
    `${PROFILE.replace('dev', '"my dev"')}${SESSION.replace('corp', '"corp"')}`,
  ),
  files('a name with an escaped blank', PROFILE.replace('dev', 'my\\ dev')),
  files('a name with half a quotation', PROFILE.replace('dev', '"dev')),
  files(
    'a name with a dollar sign before quotation marks',
    PROFILE.replace('dev', () => "$'dev'"),
  ),
  files('no spaces around the equals sign', SESSION.replaceAll(' = ', '=')),
  files('colons for equals signs', SESSION.replaceAll(' = ', ': ')),
  files(
    'keys in upper case',
    SESSION.replaceAll(/^sso_\w+/gm, (key) => key.toUpperCase()),
  ),
  files('[DEFAULT], whose keys are everywhere', `[DEFAULT]\nsso_region = eu-west-1\n${PROFILE}${SESSION}`),
  files('[default] beside [profile default]', `[default]\nregion = a\n[profile default]\noutput = json\n`),
  files('[profile default] beside [default]', `[profile default]\noutput = json\n[default]\nregion = a\n`),
  files('text after a header', SESSION.replace(']', '] # ours')),
  files('text after a value', SESSION.replace('/start', '/start ; ours')),
  files('a fragment in the start URL', SESSION.replace('/start', '/start#/')),
  files('comments of both kinds', `# one\n; two\n${SESSION}  # three\n${PROFILE}`),
  files('scopes over several lines', SESSION.replace('access\n', 'access,\n  codewhisperer:completions\n')),
  files('scopes on the next line', SESSION.replace(' sso:account', '\n  sso:account')),
  files('scopes that are empty', SESSION.replace(' sso:account:access', '')),
  files(
    'a value on the next line, with a key and a value',
    `${PROFILE}s3 =\n  max_concurrent_requests = 20\n`,
  ),
  files(
    'a services section',
    `[services dev]\nsso_oidc =\n  endpoint_url = https://x.example\n${PROFILE}services = dev\n`,
  ),
  files('a profile of another kind of tool', `[profile-old dev]\nregion = a\n${PROFILE}`),
  files('sections of no tool', `[preview]\ncloudfront = true\n[plugins]\nx = y\n${SESSION}`),
  files('Windows line ends', `${PROFILE}${SESSION}`.replaceAll('\n', '\r\n')),
  files('line ends of an old Mac', `${PROFILE}${SESSION}`.replaceAll('\n', '\r')),
  files('no line end at the end', SESSION.trimEnd()),
  files('indented sections', SESSION.replaceAll(/^/gm, '  ').trimEnd()),
  files('a no-break space for a space', SESSION.replace(' = ', '\u00a0=\u00a0')),
  files('empty', ''),
  files('a profile in the credentials file only', SESSION, LEGACY.replace('profile ', '')),
  files(
    'a profile in both files, and another start URL',
    LEGACY,
    LEGACY.replace('profile ', '').replaceAll('1234567890', '9876543210'),
  ),
  files('a session of a profile in the credentials file', SESSION, PROFILE.replace('profile ', '')),
  files('an sso-session in the credentials file', '', SESSION),
  files('a byte order mark', `\uFEFF${SESSION}`),
  files('UTF-16', Buffer.from(`\uFEFF${SESSION}`, 'utf16le')),
  files('Latin-1', Buffer.from(`# Z\u00FCrich\n${SESSION}`, 'latin1')),
  files('a section twice', `${PROFILE}${SESSION}${PROFILE}`),
  files('a key twice', `${SESSION}sso_region = us-east-1\n`),
  files('a key twice, in upper case once', `${SESSION}SSO_REGION = us-east-1\n`),
  files('text before the first section', `region = eu-west-1\n${SESSION}`),
  files('a key without a value', `${SESSION}sso_account_id\n`),
  files('a header that is not closed', `${SESSION}[profile dev\nregion = a\n`),
  files('a conflict left by git', `<<<<<<< HEAD\n${SESSION}=======\n>>>>>>> other\n`),
  files('a nested value without an equals sign', `${PROFILE}s3 =\n  max_concurrent_requests\n`),
  files('credentials that are refused', SESSION, `x = 1\n${KEYS}`),
];
