/** What of the environment says which sso-oidc service AWS's tools call. */
export interface CliEnvironment {
  readonly AWS_ENDPOINT_URL_SSO_OIDC?: string | undefined;
  readonly AWS_ENDPOINT_URL?: string | undefined;
  readonly AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?: string | undefined;
}

/**
 * The endpoint that replaces AWS's own for the AWS CLI; undefined where it calls AWS. A terminal of the editor has the
 * same environment.
 */
export function cliEndpoint(environment: CliEnvironment): string | undefined {
  if (environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === 'true') {
    return undefined;
  }
  const { AWS_ENDPOINT_URL_SSO_OIDC: own, AWS_ENDPOINT_URL: all } = environment;
  return [own, all].find((url) => url !== undefined && url !== '');
}
