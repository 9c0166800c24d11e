import { fitToShow } from '../common/outsideText.ts';
import { l10n, WordedError } from '../common/words.ts';
import type { Words } from '../common/words.ts';

/** Why a sign-in ended without tokens, where the wire alone does not tell. */
export type SignInErrorCode =
  | 'accessDenied'
  | 'codeExpired'
  | 'networkLost'
  | 'noSuchIdentityCenter'
  | 'unsafeVerification'
  | 'incompleteAnswer'
  | 'malformedScope'
  | 'unreadableAnswer'
  | 'browserRefused'
  | 'timedOut'
  | 'noAssertion'
  | 'assertionNotJwt'
  /** The request itself names a start URL or a region that cannot be one. */
  | 'unusableRequest'
  /** The sign-in leads to another Identity Center than the one that was requested. */
  | 'otherIdentityCenter'
  /** Somebody else signed in than was requested. */
  | 'otherAccount'
  /** The service granted less than was requested. */
  | 'scopesNotGranted';

interface SignInErrorDetails {
  readonly connection?: string;
  readonly startUrl?: string;
  readonly region?: string;
  /** The response member that was missing or unusable. */
  readonly missing?: string;
  /** What the service told the browser, or us. */
  readonly words?: string;
  /** What is no scope. */
  readonly scope?: string;
  /** The host of a page that must not be opened. */
  readonly host?: string;
  /** The authentication provider whose token is exchanged. */
  readonly provider?: string;
  /** What was requested: a start URL, a region, an account's label or scopes. */
  readonly requested?: string;
  /** The label of the account that signed in. */
  readonly account?: string;
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/** A sign-in that failed for a reason the person can act on. The message ends in what to do next. */
export class SignInError extends WordedError {
  override readonly name = 'SignInError';
  readonly code: SignInErrorCode;
  readonly requestId: string | undefined;

  constructor(code: SignInErrorCode, { cause, ...details }: SignInErrorDetails = {}) {
    super(sentence(code, details), cause === undefined ? undefined : { cause });
    this.code = code;
    this.requestId = details.requestId;
  }
}

function sentence(code: SignInErrorCode, details: SignInErrorDetails): Words {
  const { connection: name = 'AWS', startUrl = '', region = '', missing = '', provider = '' } = details;
  const requested = text(details.requested);
  const request =
    details.requestId === undefined ? '' : [' (', l10n.t('request id {0}', details.requestId), ')'];
  switch (code) {
    case 'accessDenied':
      return l10n.t(
        'The sign-in to {0} was denied in the browser{1}. Sign in again and approve it, or ask your administrator for access.',
        name,
        [said(details.words), request],
      );
    case 'codeExpired':
      return l10n.t(
        'The code for {0} expired before it was confirmed{1}. Sign in again to get a new one.',
        name,
        request,
      );
    case 'networkLost':
      return l10n.t(
        '{0} could not be reached until the code expired. Check the network and the proxy, then sign in again.',
        name,
      );
    case 'noSuchIdentityCenter':
      return l10n.t(
        'There is no Identity Center with the start URL {0} in {1}{2}. Check both with your administrator, then correct the connection {3}.',
        startUrl,
        region,
        request,
        name,
      );
    case 'unsafeVerification':
      return l10n.t(
        'The service at {0} asked to open a page that does not belong to it{1}{2}. The sign-in was stopped; check the start URL and the endpoint of the connection.',
        name,
        details.host === undefined ? '' : `: ${fitToShow(details.host, MAX_WORDS)}`,
        request,
      );
    case 'incompleteAnswer':
      return l10n.t(
        'The answer of {0} lacks {1}{2}. Check the endpoint of the connection, or try again later.',
        name,
        missing,
        request,
      );
    case 'malformedScope':
      return l10n.t(
        'The sign-in to {0} asks for "{1}", which is not a scope: a scope is one word without quotation marks. Correct the scopes of the connection, or tell the author of the extension that asks for it.',
        name,
        fitToShow(details.scope ?? '', MAX_WORDS),
      );
    case 'unreadableAnswer':
      return l10n.t(
        "The sign-in to {0} was confirmed, but the answer with the token couldn't be read{1}, and a code works only once. Sign in again; if this happens again, check the proxy and the firewall.",
        name,
        request,
      );
    case 'browserRefused':
      return l10n.t(
        '{0} refused the sign-in in the browser{1}. Sign in again, or ask your administrator.',
        name,
        said(details.words),
      );
    case 'timedOut':
      return l10n.t('The sign-in to {0} took too long and was stopped. Sign in again.', name);
    case 'noAssertion':
      return l10n.t(
        'No account of the provider "{0}" is at hand to sign in to {1} with. Sign in there, allow AWS SSO to use that account, then sign in again.',
        provider,
        name,
      );
    case 'assertionNotJwt':
      return l10n.t(
        'The provider "{0}" gave no JSON Web Token to sign in to {1} with. Correct assertionFrom in the connection: its scopes must ask for one, such as openid.',
        provider,
        name,
      );
    case 'unusableRequest':
      return l10n.t(
        'An extension requested a sign-in to "{0}", which is neither the start URL of an AWS access portal nor an AWS region. Report this to its author, or use the command "AWS SSO: Sign In".',
        requested,
      );
    case 'otherIdentityCenter':
      return l10n.t(
        'A sign-in to {0} was requested, but {1} leads to {2} in {3}. Try again with the requested start URL and region; if an extension requested it for an account of {1}, report this to its author.',
        requested,
        name,
        startUrl,
        region,
      );
    case 'otherAccount':
      return l10n.t(
        'You signed in as {0}, but a sign-in as {1} was requested. Try again as {1}; to use {0} as well, run the command "AWS SSO: Sign In".',
        text(details.account),
        requested,
      );
    case 'scopesNotGranted':
      return l10n.t(
        '{0} granted the sign-in without these scopes: {1}. Ask your administrator to allow them for the application, or remove them from the connection or the request.',
        name,
        requested,
      );
  }
}

const MAX_WORDS = 200;

function said(words: string | undefined): Words {
  const quoted = text(words);
  return quoted === '' ? '' : l10n.t(', with the words "{0}"', quoted);
}

/** What came through the browser or from another extension, and so may be anybody's. */
function text(words: string | undefined): string {
  return fitToShow(words ?? '', MAX_WORDS);
}
