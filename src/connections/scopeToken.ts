/** What a sign-in asks for where nobody says: the accounts and their roles. */
export const DEFAULT_SCOPE = 'sso:account:access';

/** One scope: printable ASCII without spaces, quotation marks and backslashes (RFC 6749, section 3.3). */
export const SCOPE_TOKEN = /^[\x21\x23-\x5B\x5D-\x7E]+$/;
