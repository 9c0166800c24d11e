import * as vscode from 'vscode';

import { StartUrlError } from '../connections/vanity.ts';
import { SignInError } from '../flows/signInError.ts';
import { SsoOidcError } from '../oidc/errors.ts';
import { plain } from './plainText.ts';

/** What went wrong, with the service's own words and its request id, and what to do: safe to show. */
export function errorText(error: unknown): string {
  if (error instanceof SignInError) {
    return plain(signInErrorText(error));
  }
  if (error instanceof SsoOidcError || error instanceof StartUrlError) {
    return plain(error.message);
  }
  const text = error instanceof Error ? error.message : String(error);
  return plain(vscode.l10n.t('AWS SSO ran into an unexpected problem: {0} The log may tell more.', text));
}

/** The message of the error, in the person's language where there is a translation. */
function signInErrorText({ code, details, message }: SignInError): string {
  const { l10n } = vscode;
  const { startUrl = '', region = '', host, words } = details;
  const name = details.connection ?? 'AWS';
  const request = details.requestId === undefined ? '' : ` (${l10n.t('request id {0}', details.requestId)})`;
  switch (code) {
    case 'accessDenied':
      return words === undefined
        ? l10n.t(
            'The sign-in to {0} was denied in the browser{1}. Sign in again and approve it, or ask your administrator for access.',
            name,
            request,
          )
        : message;
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
        host === undefined ? '' : `: ${host}`,
        request,
      );
    case 'timedOut':
      return l10n.t('The sign-in to {0} took too long and was stopped. Sign in again.', name);
    default:
      return message;
  }
}
