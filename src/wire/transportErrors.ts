import type { ErrorMeaning } from './serviceErrors.ts';

/** What may go wrong before, after or instead of the service's own words. */
const TRANSPORT_ERRORS = {
  /** The host's name cannot be resolved. */
  NetworkDns: { isOwnNetwork: true, isMomentary: true },
  /** Nothing listens at the host's address, or no route leads there. */
  NetworkRefused: { isMomentary: true },
  /** The connection broke before an answer came. */
  NetworkReset: { isMomentary: true },
  /** No secure connection: most often a certificate nobody here trusts. */
  NetworkTls: { isOwnNetwork: true },
  /** The proxy cannot be reached or refuses to connect. */
  NetworkProxy: { isOwnNetwork: true },
  /** Any other failure of the network. */
  NetworkUnknown: { isMomentary: true },
  /** No complete answer in time. */
  Timeout: { isMomentary: true },
  /** The answer is a redirect, which is never followed. */
  Redirected: { isOwnNetwork: true },
  /** The answer is HTML or text from something in between. */
  NotJson: {},
  /** The answer has no body where one is due, or an error none that says more than its status. */
  EmptyBody: { isMomentary: true },
  /** The body breaks off. */
  TruncatedBody: { isUnreadable: true, isMomentary: true },
  /** The body is longer than any answer of the service. */
  OversizedBody: { isUnreadable: true },
  /** JSON, but not the shape the service model promises. */
  InvalidResponse: { isUnreadable: true },
  /** An error status with JSON that is no exception of the model: that of a gateway, a firewall or a policy. */
  UnexpectedStatus: {},
  /** The options for the endpoint contradict each other or are not safe. */
  InvalidEndpoint: { isFinal: true, isAboutSettings: true },
  /** `createTokenWithIAM` without what it takes to sign a request. */
  SigningUnavailable: { isFinal: true },
  /** The credentials to sign with cannot be had just now. */
  CredentialsUnavailable: {},
  /** AWS refused the signature, or the principal behind it: the request itself was not processed. */
  CredentialsRefused: {},
} as const satisfies Readonly<Record<string, ErrorMeaning>>;

export type TransportErrorCode = keyof typeof TRANSPORT_ERRORS;

/** What `code` means. */
export function transportMeaning(code: TransportErrorCode): ErrorMeaning {
  return TRANSPORT_ERRORS[code];
}
