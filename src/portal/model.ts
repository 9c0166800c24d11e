/**
 * Requests and responses of the service model `sso-2019-06-10`, by AWS's member names.
 * Every member of a response may be absent: whoever needs one must check for it. One that is beside the point and not
 * as the model has it counts as absent, so that one odd name does not hide all accounts.
 */
import * as v from 'valibot';
import { wholeFrom, withoutOdd } from '../common/jsonSchemas.ts';

export interface LogoutRequest {
  /** From `CreateToken`. */
  readonly accessToken: string;
}

export interface ListAccountsRequest {
  /** From `CreateToken`. */
  readonly accessToken: string;
  /** How many a page may hold: 1 to 100. Absent, the service decides. */
  readonly maxResults?: number;
  /** From the page before. */
  readonly nextToken?: string;
}

export interface ListAccountRolesRequest extends ListAccountsRequest {
  readonly accountId: string;
}

export interface GetRoleCredentialsRequest {
  /** From `CreateToken`. */
  readonly accessToken: string;
  readonly accountId: string;
  readonly roleName: string;
}

const text = v.exactOptional(v.string());

/** It may be empty. */
export const logoutResponse = v.optional(v.object({}), {});

const accountInfoExtras = { accountName: text, emailAddress: text };

const accountInfo = v.pipe(
  withoutOdd(accountInfoExtras),
  v.object({ accountId: text, ...accountInfoExtras }),
  v.readonly(),
);
export type AccountInfo = v.InferOutput<typeof accountInfo>;

export const listAccountsResponse = v.object({
  accountList: v.exactOptional(v.pipe(v.array(accountInfo), v.readonly())),
  /** For the next page; absent on the last. */
  nextToken: text,
});
export type ListAccountsResponse = Readonly<v.InferOutput<typeof listAccountsResponse>>;

const roleInfo = v.pipe(v.object({ accountId: text, roleName: text }), v.readonly());
export type RoleInfo = v.InferOutput<typeof roleInfo>;

export const listAccountRolesResponse = v.object({
  roleList: v.exactOptional(v.pipe(v.array(roleInfo), v.readonly())),
  /** For the next page; absent on the last. */
  nextToken: text,
});
export type ListAccountRolesResponse = Readonly<v.InferOutput<typeof listAccountRolesResponse>>;

/** AWS's are Base64. They become headers, variables and lines: none may hold what means something to a shell. */
const credential = v.exactOptional(v.pipe(v.string(), v.regex(/^[\w+/=.-]+$/)));

const roleCredentials = v.pipe(
  v.object({
    accessKeyId: credential,
    secretAccessKey: credential,
    sessionToken: credential,
    /** Milliseconds since the Unix epoch, up to the last moment a `Date` can hold. */
    expiration: v.exactOptional(v.pipe(wholeFrom(0), v.maxValue(8.64e15))),
  }),
  v.readonly(),
);
export type RoleCredentials = v.InferOutput<typeof roleCredentials>;

export const getRoleCredentialsResponse = v.object({ roleCredentials: v.exactOptional(roleCredentials) });
export type GetRoleCredentialsResponse = Readonly<v.InferOutput<typeof getRoleCredentialsResponse>>;
