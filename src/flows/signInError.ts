/** Why a sign-in ended without tokens, where the wire alone does not tell. */
export type SignInErrorCode =
  | 'accessDenied'
  | 'codeExpired'
  | 'networkLost'
  | 'noSuchIdentityCenter'
  | 'unsafeVerification'
  | 'incompleteAnswer'
  | 'browserRefused'
  | 'timedOut'
  | 'noAssertion'
  | 'assertionNotJwt';

interface SignInErrorDetails {
  readonly connection?: string;
  readonly startUrl?: string;
  readonly region?: string;
  /** The response member that was missing or unusable. */
  readonly missing?: string;
  /** What the service told the browser. */
  readonly words?: string;
  /** The host of a page that must not be opened. */
  readonly host?: string;
  /** The authentication provider whose token is exchanged. */
  readonly provider?: string;
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/** A sign-in that failed for a reason the person can act on. The message ends in what to do next. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
  readonly code: SignInErrorCode;
  readonly details: Omit<SignInErrorDetails, 'cause'>;
  readonly requestId: string | undefined;

  constructor(code: SignInErrorCode, { cause, ...details }: SignInErrorDetails = {}) {
    super(sentence(code, details), cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
    this.requestId = details.requestId;
  }
}

function sentence(code: SignInErrorCode, details: SignInErrorDetails): string {
  const request = details.requestId === undefined ? '' : ` (request id ${details.requestId})`;
  const connection = details.connection ?? 'AWS';
  switch (code) {
    case 'accessDenied':
      return `The sign-in to ${connection} was denied in the browser${said(details.words)}${request}. Sign in again and approve it, or ask your administrator for access.`;
    case 'codeExpired':
      return `The code for ${connection} expired before it was confirmed${request}. Sign in again to get a new one.`;
    case 'networkLost':
      return `${connection} could not be reached until the code expired. Check the network and the proxy, then sign in again.`;
    case 'noSuchIdentityCenter':
      return `There is no Identity Center with the start URL ${details.startUrl} in ${details.region}${request}. Check both with your administrator, then correct the connection ${connection}.`;
    case 'unsafeVerification':
      return `The service at ${connection} asked to open a page that does not belong to it${details.host === undefined ? '' : `: ${details.host}`}${request}. The sign-in was stopped; check the start URL and the endpoint of the connection.`;
    case 'incompleteAnswer':
      return `The answer of ${connection} lacks ${details.missing}${request}. Check the endpoint of the connection, or try again later.`;
    case 'browserRefused':
      return `${connection} refused the sign-in in the browser${said(details.words)}. Sign in again, or ask your administrator.`;
    case 'timedOut':
      return `The sign-in to ${connection} took too long and was stopped. Sign in again.`;
    case 'noAssertion':
      return `No account of the provider "${details.provider}" is at hand to sign in to ${connection} with. Sign in there, allow AWS SSO to use that account, then sign in again.`;
    case 'assertionNotJwt':
      return `The provider "${details.provider}" gave no JSON Web Token to sign in to ${connection} with. Correct assertionFrom in the connection: its scopes must ask for one, such as openid.`;
  }
}

/** The words came through the browser: bounded, and without what is not text. */
function said(words: string | undefined): string {
  const text =
    words
      ?.replaceAll(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, 200) ?? '';
  return text === '' ? '' : `, with the words "${text}"`;
}
