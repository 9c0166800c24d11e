/** What a header that the AWS CLI passes over begins with: what the section is meant to be, spelled as users spell it. */
const KIND = /^(?<kind>profile|sso[-_ ]?sessions?)(?![-\w])/i;
const QUOTING = /["'\\]/g;

/**
 * What the section was probably meant to be called: `[profile dev]` for `[dev]`, `[sso-session "my corp"]` for
 * `[sso-session my corp]`.
 * @param header as it is written between the brackets
 */
export function headerSuggestion(header: string): string {
  if (header === 'DEFAULT') {
    return '[default]';
  }
  const text = header.trim();
  const kind = KIND.exec(text)?.[0] ?? '';
  const name = text.slice(kind.length).replaceAll(QUOTING, '').trim();
  const quoted = /\s/.test(name) ? `"${name}"` : name || 'NAME';
  return `[${/^sso/i.test(kind) ? 'sso-session' : 'profile'} ${quoted}]`;
}
