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

/** A role as a terminal or the window has it, with the names that are shown. */
export interface ShownRole {
  readonly role: SessionRole;
  /** As AWS has it; the id where it has none. */
  readonly accountName: string;
  readonly connectionName: string;
  readonly region: string;
}

export function roleInUse(chosen: ChosenRole, region: string): ShownRole {
  const { session, accountName } = chosen;
  return { role: sessionRoleOf(chosen), accountName, connectionName: session.connection.name, region };
}

/** On one line, such as "Developer @ Production". */
export function titleOf({ role, accountName }: ShownRole): string {
  return `${role.roleName} @ ${accountName}`;
}
