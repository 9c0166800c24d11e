/** What the program `shellVariables.ts` writes before and after its report. */
export const SHELL_REPORT = '<aws-sso-auth>';

/** How the names begin that are told: those of AWS, of git-annex, GDAL and s3fs. */
export const REPORTED_NAMES = /^(?:AWS|AMAZON_|CPL_AWS_)/;

/** The variables whose values are told, because none of them is secret. */
export const SHOWN_VARIABLES = [
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'CPL_AWS_CREDENTIALS_FILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_SSO_WINDOW_ROLE_URL',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
] as const;
