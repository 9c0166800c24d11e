/**
 * What the portal asks for, and all that a registration without scopes may do: the legacy kind, whose token lives 8 h
 * and cannot be refreshed.
 */
export const ACCOUNT_ACCESS = 'sso:account:access';

/** A scope made of all that has a meaning in a URL. */
export const SCOPE_FOR_URLS = "a&b=c+d#e?f%41/;:@!$'()*,~.<>[]{}|^`-_";

/**
 * The scopes a client may register. AWS knows more; the engine wants a fixed list. `openid` and `email` make the
 * ID token a JWT that names the user.
 */
export const SCOPES: readonly string[] = [
  ACCOUNT_ACCESS,
  'openid',
  'email',
  'profile',
  'aws',
  'sts:identity_context',
  'codewhisperer:analysis',
  'codewhisperer:completions',
  'codewhisperer:conversations',
  'codewhisperer:taskassist',
  'codewhisperer:transformations',
  SCOPE_FOR_URLS,
];

/** The scopes to ask the engine for on behalf of a client that names none in its request, space-separated. */
export function registeredScope(client: { readonly scope?: string | undefined } | undefined): string {
  return client?.scope ?? ACCOUNT_ACCESS;
}
