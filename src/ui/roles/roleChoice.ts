import { rolesOwners } from '../../roles/list/rolesOwner.ts';
import type { Session } from '../../sessions/session.ts';
import type { SessionManager } from '../../sessions/sessionManager.ts';
import type { ChosenRole } from './chosenRole.ts';
import { namedRole } from './namedRole.ts';
import type { RoleArgument } from './roleArgument.ts';

export interface RoleChoiceParts {
  readonly sessions: Pick<SessionManager, 'sessions'>;
  /** Signs in to AWS, or again. Resolves when that has ended, in any way, and has shown the user a failure. */
  readonly signIn: (renews: Session | undefined) => Promise<void>;
  /** Lets the user choose, of what is found for `query` first; `undefined` when they cancel. */
  readonly choose: (title: string, query?: string) => Promise<ChosenRole | undefined>;
}

/** Which role a command is about. */
export class RoleChoice {
  readonly #parts: RoleChoiceParts;

  constructor(parts: RoleChoiceParts) {
    this.#parts = parts;
  }

  /**
   * The role of the argument, or the one that the user chooses, signed in to. `undefined` when the user cancels.
   * @throws WordedError where the argument names no sign-in that is there
   */
  async choose(wanted: RoleArgument | undefined, title: string): Promise<ChosenRole | undefined> {
    const { sessions, signIn, choose } = this.#parts;
    if (!this.#hasRoles) {
      await signIn(undefined);
    }
    if (!this.#hasRoles) {
      // Told already, or the user has cancelled.
      return undefined;
    }
    const chosen = wanted === undefined ? await choose(title) : await this.#named(wanted, title);
    if (chosen === undefined) {
      return undefined;
    }
    if (chosen.session.state.kind === 'needsSignIn') {
      await signIn(chosen.session);
    }
    const session = sessions.sessions.find(({ id }) => id === chosen.session.id);
    return session?.state.kind === 'signedIn' ? { ...chosen, session } : undefined;
  }

  /** Where several users or connections could be meant, the user chooses. */
  async #named(wanted: RoleArgument, title: string): Promise<ChosenRole | undefined> {
    const { sessions, choose } = this.#parts;
    const named = namedRole(sessions.sessions, wanted);
    return named === 'several' ? choose(title, `${wanted.accountId} ${wanted.roleName}`) : named;
  }

  /** Whether anybody is signed in, or was, whose roles can be listed. */
  get #hasRoles(): boolean {
    return rolesOwners(this.#parts.sessions.sessions).length > 0;
  }
}
