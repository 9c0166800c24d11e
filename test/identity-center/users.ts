/** An AWS account a user is assigned to, as the portal lists it. */
export interface Assignment {
  /** Twelve digits. */
  readonly accountId: string;
  readonly accountName: string;
  readonly emailAddress: string;
  /** The permission sets the user may assume there, as the portal lists them. */
  readonly roleNames: readonly string[];
  /** Those among them that the portal gives no credentials for, as it does while an assignment is half gone. */
  readonly forbiddenRoleNames?: readonly string[];
}

/** A user in the embedded Identity Center's directory. */
export interface User {
  /** The directory's id, `sub` in an ID token. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly assignments: readonly Assignment[];
}

const production: Assignment = {
  accountId: '111122223333',
  accountName: 'production',
  emailAddress: 'aws+production@example.com',
  roleNames: ['ReadOnlyAccess'],
};

const staging: Assignment = {
  accountId: '777788889999',
  accountName: 'staging',
  emailAddress: 'aws+staging@example.com',
  roleNames: ['PowerUserAccess', 'ReadOnlyAccess'],
};

const sandbox: Assignment = {
  accountId: '444455556666',
  accountName: 'sandbox',
  emailAddress: 'aws+sandbox@example.com',
  roleNames: ['AdministratorAccess', 'PowerUserAccess', 'ReadOnlyAccess'],
};

/** The directory when nobody names another: two users, so that several accounts can be tried at once. */
export const defaultUsers: readonly User[] = [
  {
    id: '9067642ac7-jane',
    name: 'Jane Doe',
    email: 'jane@example.com',
    assignments: [production, staging, sandbox],
  },
  { id: '9067642ac7-john', name: 'John Roe', email: 'john@example.com', assignments: [sandbox] },
];
