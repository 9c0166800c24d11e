/** What the program `shellVariables.ts` writes before and after its report. */
export const SHELL_REPORT = '<aws-sso-auth>';

/** The variables whose values are told, because none of them is secret. */
export const SHOWN_VARIABLES = [
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_SSO_WINDOW_ROLE_URL',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
] as const;
