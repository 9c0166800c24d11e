/** An AWS account that is assigned to the user: `AccountInfo` of the service model `sso-2019-06-10`. */
export interface AccountInfo {
  /** Twelve digits. */
  readonly accountId: string;
  /** Empty where the service names none. Several accounts may have the same. */
  readonly accountName: string;
  /** Of the account's root user; empty where the service names none. */
  readonly emailAddress: string;
}

/** What distinguishes a role from every other one: role names are alike in most accounts, account names in some. */
export interface RoleKey {
  /** The connection's name. */
  readonly connection: string;
  readonly accountId: string;
  readonly roleName: string;
}

/** The key as one line of text: equal for the same role only. */
export function roleKeyText({ connection, accountId, roleName }: RoleKey): string {
  return JSON.stringify([connection, accountId, roleName]);
}

/** How the account is called where there is one line for it: by its name, or by its id where it has none. */
export function accountTitle({ accountId, accountName }: AccountInfo): string {
  return accountName === '' ? accountId : accountName;
}
