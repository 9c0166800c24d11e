import type { SessionRole } from '../../roles/credentials/roleCredentials.ts';
import type { RoleKey } from '../../roles/role.ts';
import type { Session } from '../../sessions/session.ts';

/** A role that the user has chosen. */
export interface ChosenRole {
  readonly session: Session;
  /** As AWS has it; the id where it has none. */
  readonly accountName: string;
  readonly accountId: string;
  readonly roleName: string;
}

/** As it is listed, pinned and remembered. */
export function keyOfChosen({ session, accountId, roleName }: ChosenRole): RoleKey {
  return { connection: session.connection.name, accountId, roleName };
}

/** As its credentials are asked for. */
export function sessionRoleOf({ session, accountId, roleName }: ChosenRole): SessionRole {
  return { sessionId: session.id, accountId, roleName };
}
