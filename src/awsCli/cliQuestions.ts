import type { InteractiveConnection } from '../connections/connection.ts';

/** What only the user can say about the AWS CLI's sign-ins. None of these rejects, but for `use`. */
export interface CliQuestions {
  /**
   * Whether to use the AWS CLI's sign-in, whose token lasts until `expiresAt` (milliseconds since the epoch).
   * @throws the signal's reason when `signal` aborts; what a cancelled sign-in throws
   */
  use(connection: InteractiveConnection, expiresAt: number, signal: AbortSignal): Promise<boolean>;
  /** Whether the AWS CLI's sign-in is still the same user's. Undefined: no answer. */
  isSameUser(connectionName: string): Promise<boolean | undefined>;
  /** Whether the AWS CLI should have the sign-in made here instead of its own. */
  replace(connectionName: string): Promise<boolean>;
  /** Whether to take from the AWS CLI a sign-in that may come from here, or be its own. */
  remove(connectionName: string): Promise<boolean>;
}
