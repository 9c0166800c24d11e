/** A role of an AWS account, as the user of one session takes it. */
export interface SessionRole {
  readonly sessionId: string;
  /** Twelve digits. */
  readonly accountId: string;
  readonly roleName: string;
}

/** Short-lived AWS credentials of a role (service operation GetRoleCredentials). Secret, and kept in memory only. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** When they end: milliseconds since the epoch. */
  readonly expiration: number;
}

/** What distinguishes a role of one session from all others. */
export function roleKey({ sessionId, accountId, roleName }: SessionRole): string {
  return JSON.stringify([sessionId, accountId, roleName]);
}
