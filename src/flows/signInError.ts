import { fitToShow } from '../common/outsideText.ts';
import { joined, l10n, WordedError } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import { DEFAULT_SCOPE } from '../connections/scopeToken.ts';
import { serviceParticulars } from '../wire/quotedWords.ts';

/** Why a sign-in ended without tokens, where the service's response alone does not say. */
export type SignInErrorCode =
  | 'accessDenied'
  | 'codeExpired'
  | 'networkLost'
  | 'noSuchIdentityCenter'
  | 'unsafeVerification'
  | 'incompleteAnswer'
  | 'malformedScope'
  /** An AWS Builder ID was asked for access to AWS accounts, of which it has none. */
  | 'noAccounts'
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
  /** The service's words, to the browser or to us. */
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

/** A sign-in that failed for a reason the user can act on. The message ends in what to do next. */
export class SignInError extends WordedError {
  override readonly name = 'SignInError';
  readonly code: SignInErrorCode;
  readonly requestId: string | undefined;

  constructor(code: SignInErrorCode, { cause, ...details }: SignInErrorDetails = {}) {
    super(sentence(code, details), cause === undefined ? undefined : { cause });
    this.code = code;
    this.requestId = details.requestId;
  }

  /** Whether, to a refresh, this is the end of the session: nobody is signed in any more to renew it. */
  get endsSession(): boolean {
    return this.code === 'noAssertion';
  }
}

function sentence(code: SignInErrorCode, details: SignInErrorDetails): Words {
  const { connection: name = 'AWS', startUrl = '', region = '', missing = '', provider = '' } = details;
  const requested = text(details.requested);
  const told = (what: Words, advice: Words): Words => withService(what, details, advice);
  switch (code) {
    case 'accessDenied':
      return told(
        l10n.t('The sign-in to {0} was denied in the browser.', name),
        l10n.t('Sign in again and approve it, or ask your administrator for access.'),
      );
    case 'codeExpired':
      return told(
        l10n.t('The code for {0} expired before it was confirmed.', name),
        l10n.t('Sign in again to get a new one.'),
      );
    case 'networkLost':
      return l10n.t(
        "Couldn't reach {0} before the code expired. Check the network and the proxy, then sign in again.",
        name,
      );
    case 'noSuchIdentityCenter':
      return told(
        l10n.t("There's no IAM Identity Center with the start URL {0} in {1}.", startUrl, region),
        l10n.t('Check both with your administrator, then correct the connection {0}.', name),
      );
    case 'unsafeVerification':
      return told(
        l10n.t("The service at {0} asked to open a page that doesn't belong to it.", name),
        joined(' ', [
          ...(details.host === undefined
            ? []
            : [
                l10n.t({
                  message: 'The page is on {0}.',
                  args: [text(details.host)],
                  comment: ['{0} is a host'],
                }),
              ]),
          l10n.t('The sign-in was stopped. Check the start URL and the endpoint of the connection.'),
        ]),
      );
    case 'incompleteAnswer':
      return told(
        l10n.t({
          message: 'The response from {0} is missing {1}.',
          args: [name, missing],
          comment: ['{0} is a connection, {1} a member of the response, such as deviceCode'],
        }),
        l10n.t("Check the connection's endpoint, or try again later."),
      );
    case 'malformedScope':
      return l10n.t(
        'The sign-in to {0} requests "{1}", which isn\'t a scope. A scope is one word without quotation marks. Correct the connection\'s scopes, or report this to the author of the extension that requests it.',
        name,
        fitToShow(details.scope ?? '', MAX_WORDS),
      );
    case 'noAccounts':
      return l10n.t({
        message:
          "{0} can't grant access to AWS accounts ({1}), because an AWS Builder ID has none. To use AWS accounts, sign in with the start URL of your organization's access portal. To use your AWS Builder ID, sign in from the extension that works with it, which requests its own scopes.",
        args: [name, DEFAULT_SCOPE],
        comment: ['{0} is a connection, {1} a scope'],
      });
    case 'unreadableAnswer':
      return told(
        l10n.t(
          "The sign-in to {0} was confirmed, but the response with the token couldn't be read, and a code works only once.",
          name,
        ),
        l10n.t('Sign in again. If this happens again, check the proxy and the firewall.'),
      );
    case 'browserRefused':
      return told(
        l10n.t({
          message: '{0} refused the sign-in in the browser.',
          args: [name],
          comment: ['{0} is the name of a connection'],
        }),
        l10n.t('Sign in again, or ask your administrator.'),
      );
    case 'timedOut':
      return l10n.t('The sign-in to {0} took too long and was stopped. Sign in again.', name);
    case 'noAssertion':
      return l10n.t({
        message:
          'Can\'t sign in to {1}: no "{0}" account is available. Sign in to one, allow AWS SSO to use it, then sign in again.',
        args: [provider, name],
        comment: [
          '{0} is an authentication provider of VS Code, such as microsoft, {1} the name of a connection',
        ],
      });
    case 'assertionNotJwt':
      return l10n.t({
        message:
          'Can\'t sign in to {1}: "{0}" returned no JSON Web Token. Correct assertionFrom in the connection. Its scopes must request one, such as openid.',
        args: [provider, name],
        comment: [
          '{0} is an authentication provider of VS Code, such as microsoft, {1} the name of a connection',
        ],
      });
    case 'unusableRequest':
      return l10n.t(
        'An extension requested a sign-in to "{0}", which is neither the start URL of an AWS access portal nor an AWS region. Report this to its author, or use the command "AWS SSO: Sign In".',
        requested,
      );
    case 'otherIdentityCenter':
      return l10n.t({
        message:
          'A sign-in to {0} was requested, but {1} leads to {2} in {3}. Try again with the requested start URL and region. If an extension requested it for an account of {1}, report this to its author.',
        args: [requested, name, startUrl, region],
        comment: ['{0} is what was requested, {1} the name of a connection, {2} a start URL, {3} a region'],
      });
    case 'otherAccount':
      return l10n.t(
        'You signed in as {0}, but a sign-in as {1} was requested. Try again as {1}. To use {0} as well, run the command "AWS SSO: Sign In".',
        text(details.account),
        requested,
      );
    case 'scopesNotGranted':
      return l10n.t({
        message:
          '{0} granted the sign-in without these scopes: {1}. Ask your administrator to allow them for the application, or remove them from the connection or the request.',
        args: [name, requested],
        comment: ['{0} is the name of a connection'],
      });
  }
}

const MAX_WORDS = 200;

/** What happened, the service's words and its request id, and what to do. */
function withService(what: Words, { words, requestId }: SignInErrorDetails, advice: Words): Words {
  return joined(' ', [what, ...serviceParticulars(text(words) || undefined, requestId), advice]);
}

/** What came through the browser or from another extension, and so may be anybody's. */
function text(words: string | undefined): string {
  return fitToShow(words ?? '', MAX_WORDS);
}
