/** A page of ListAccounts, as the service model has it: every member is optional on the wire. */
export interface AccountsPage {
  readonly accountList?:
    | readonly {
        readonly accountId?: string | undefined;
        readonly accountName?: string | undefined;
        readonly emailAddress?: string | undefined;
      }[]
    | undefined;
  /** For the next page; absent on the last. */
  readonly nextToken?: string | undefined;
}

/** A page of ListAccountRoles. */
export interface RolesPage {
  readonly roleList?: readonly { readonly roleName?: string | undefined }[] | undefined;
  /** For the next page; absent on the last. */
  readonly nextToken?: string | undefined;
}

/** The session has to be signed in to again before anything can be listed. */
export class SignInNeeded extends Error {
  override readonly name = 'SignInNeeded';
}

/**
 * Where the accounts and roles of one user come from: the portal, with the user's access token. Each call is one
 * request, in pages as large as the service has them, and is not repeated: how often to ask is decided here.
 * Rejects with SsoOidcError, SignInNeeded, or the signal's reason.
 */
export interface RolesSource {
  listAccounts(nextToken: string | undefined, signal: AbortSignal): Promise<AccountsPage>;
  listAccountRoles(accountId: string, nextToken: string | undefined, signal: AbortSignal): Promise<RolesPage>;
}
