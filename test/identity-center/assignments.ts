import type { Assignment, User } from './users.ts';

/** Who may use which roles of which accounts, as an administrator sees and changes it. */
export class Assignments {
  readonly #assignments: Map<string, readonly Assignment[]>;

  constructor(users: readonly User[]) {
    this.#assignments = new Map(users.map(({ id, assignments }) => [id, assignments]));
  }

  of({ id }: User): readonly Assignment[] {
    return this.#assignments.get(id) ?? [];
  }

  /** Replaces all of the user's. */
  set({ id }: User, assignments: readonly Assignment[]): void {
    this.#assignments.set(id, assignments);
  }
}

const PERMISSION_SETS = ['AdministratorAccess', 'PowerUserAccess', 'ReadOnlyAccess', 'ViewOnlyAccess'];

/** Assignments to so many accounts, with so many roles in each: ids, names and email addresses count up. */
export function manyAssignments(accounts: number, rolesInEach: number): readonly Assignment[] {
  return Array.from({ length: accounts }, (_, index) => {
    const number = String(index + 1).padStart(4, '0');
    return {
      accountId: String(100_000_000_001 + index),
      accountName: `workload-${number}`,
      emailAddress: `aws+workload-${number}@example.com`,
      roleNames: Array.from({ length: rolesInEach }, (_, role) => {
        const name = PERMISSION_SETS[role % PERMISSION_SETS.length] ?? '';
        return role < PERMISSION_SETS.length ? name : `${name}-${role}`;
      }),
    };
  });
}
