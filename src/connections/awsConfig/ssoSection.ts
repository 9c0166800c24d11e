import type { AwsEndpoints } from './awsEndpoints.ts';

/** Where a section is, for messages. */
export interface SectionPlace {
  /** The file. */
  readonly path: string;
  /** As the file has it: `[sso-session acme]`. */
  readonly entry: string;
}

/** A section that names an Identity Center. */
export interface SsoSection extends SectionPlace {
  readonly kind: 'sso-session' | 'profile';
  readonly name: string;
  /** As written. */
  readonly startUrl: string;
  /** As written. */
  readonly region: string;
  /** The hosts that the AWS CLI calls for it. */
  readonly endpoints: AwsEndpoints;
  /** As written; absent where the section has none. */
  readonly scopes?: string;
  /** How many profiles lead to it; to a profile of its own none but itself, which does not count. */
  readonly users: number;
}

/** Why a section that looks like an Identity Center gives no connection, or perhaps not the one that is meant. */
export type SectionFault = SectionPlace &
  (
    | { readonly kind: 'noStartUrl' }
    | {
        readonly kind: 'noRegion';
        /** A profile that has the region the session lacks. */
        readonly regionIn?: string;
      }
    | { readonly kind: 'unknownSession'; readonly session: string }
    | {
        readonly kind: 'conflict';
        readonly session: string;
        /** What both have, with different values. */
        readonly key: string;
      }
    /** It's neither a profile nor an sso-session to the AWS CLI, because of its header. */
    | { readonly kind: 'unreadHeader'; readonly suggestion: string }
    /** Tools look for it in the configuration file only. */
    | { readonly kind: 'sessionInCredentials' }
    /** Its profile refers to a `services` section that is not there. */
    | { readonly kind: 'unknownServices'; readonly services: string }
    /** Two of its profiles set different endpoints; the first one's count. */
    | { readonly kind: 'endpointsDiffer'; readonly used: string; readonly other: string }
    /** Its endpoints for the same portal differ from those of an earlier section, which count. */
    | { readonly kind: 'endpointsUnused'; readonly used: string }
  );
