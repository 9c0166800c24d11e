/** What came of listing all accounts and their roles. Times in milliseconds since the beginning. */
export interface Listed {
  /** When it was known that nothing more comes. */
  readonly completeMs: number;
  /** When a role of the account could be chosen whose name the user knows. */
  readonly namedMs: number;
  readonly accounts: number;
  readonly roles: number;
}
