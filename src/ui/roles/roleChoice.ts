import { accountsWithoutScope, rolesOwners } from '../../roles/list/rolesOwner.ts';
import { DEFAULT_SCOPE } from '../../sessions/scopes.ts';
import type { Account, Session } from '../../sessions/session.ts';
import type { SessionManager } from '../../sessions/sessionManager.ts';
import type { SignInRequest } from '../signIn/signInTarget.ts';
import { roleInUse } from './chosenRole.ts';
import type { ChosenRole, ShownRole } from './chosenRole.ts';
import { namedRole } from './namedRole.ts';
import type { RoleArgument } from './roleArgument.ts';

/** What the user has chosen in the list: a role, or to sign in for the roles that are missing from it. */
export type RoleListChoice = ChosenRole | 'missingScope';

/** A role, as it was chosen and as it is shown in its region. */
export interface ChosenInRegion {
  readonly chosen: ChosenRole;
  readonly shown: ShownRole;
}

export interface RoleChoiceParts {
  readonly sessions: Pick<SessionManager, 'sessions'>;
  /** Signs in to AWS, or again. Resolves when that has ended, in any way, and has shown the user a failure. */
  readonly signIn: (request: SignInRequest) => Promise<void>;
  /** Tells the user whose roles can't be listed, and why. Resolves with whether to sign in for them. */
  readonly offerScope: (accounts: readonly Account[]) => Promise<boolean>;
  /** Lets the user choose, of what is found for `query` first; `undefined` when they cancel. */
  readonly choose: (title: string, query?: string) => Promise<RoleListChoice | undefined>;
  /** The region of a role: known, or asked for; `undefined` when the user cancels. */
  readonly region: (role: ChosenRole) => Promise<string | undefined>;
}

/** Which role a command is about. */
export class RoleChoice {
  readonly #parts: RoleChoiceParts;

  constructor(parts: RoleChoiceParts) {
    this.#parts = parts;
  }

  /**
   * The role of the argument, or the one that the user chooses, signed in to. `undefined` when the user cancels.
   * @throws ErrorWithStep where the argument names no sign-in that is there
   */
  async choose(wanted: RoleArgument | undefined, title: string): Promise<ChosenRole | undefined> {
    if (!(await this.#findRoles(wanted?.connection))) {
      // Told already, or the user has cancelled.
      return undefined;
    }
    const chosen = wanted === undefined ? await this.#choose(title) : await this.#named(wanted, title);
    if (chosen === undefined) {
      return undefined;
    }
    if (chosen.session.state.kind === 'needsSignIn') {
      await this.#parts.signIn({ renews: chosen.session });
    }
    const session = this.#sessions().find(({ id }) => id === chosen.session.id);
    return session?.state.kind === 'signedIn' ? { ...chosen, session } : undefined;
  }

  /** As {@link choose}, with the region of the argument, or the one that is known or chosen. */
  async chooseWithRegion(
    wanted: RoleArgument | undefined,
    title: string,
  ): Promise<ChosenInRegion | undefined> {
    const chosen = await this.choose(wanted, title);
    const region = chosen && (wanted?.region ?? (await this.#parts.region(chosen)));
    return chosen && region !== undefined ? { chosen, shown: roleInUse(chosen, region) } : undefined;
  }

  /**
   * Signs in where no roles can be listed.
   * @param connection the name of the one that they should be of; absent for any
   * @returns whether there are some, or the name is that of no sign-in
   */
  async #findRoles(connection: string | undefined): Promise<boolean> {
    const { signIn, offerScope } = this.#parts;
    const isMissing = (): boolean => accountsWithoutScope(this.#sessions(connection)).length > 0;
    const isThere = (): boolean => rolesOwners(this.#sessions(connection)).length > 0;
    if (isThere()) {
      return true;
    }
    if (!isMissing() && rolesOwners(this.#sessions()).length === 0) {
      await signIn({});
    }
    // It may have been a sign-in with the connection's own scopes.
    if (!isThere() && isMissing()) {
      const accounts = accountsWithoutScope(this.#sessions(connection));
      if (!(await offerScope(accounts))) {
        return false;
      }
      await this.#signInWithScope(accounts);
      return isThere();
    }
    return rolesOwners(this.#sessions()).length > 0;
  }

  /** Beside the session that is there. With several accounts, the user is asked which connection to sign in to. */
  async #signInWithScope([account, ...others]: readonly Account[]): Promise<void> {
    const isOne = account !== undefined && others.length === 0;
    await this.#parts.signIn({ scopes: [DEFAULT_SCOPE], ...(isOne && { account }) });
  }

  async #choose(title: string, query?: string): Promise<ChosenRole | undefined> {
    for (;;) {
      const chosen = await this.#parts.choose(title, query);
      if (chosen !== 'missingScope') {
        return chosen;
      }
      await this.#signInWithScope(accountsWithoutScope(this.#sessions()));
    }
  }

  /** Where several users or connections could be meant, the user chooses. */
  async #named(wanted: RoleArgument, title: string): Promise<ChosenRole | undefined> {
    const named = namedRole(this.#sessions(), wanted);
    return named === 'several' ? this.#choose(title, `${wanted.accountId} ${wanted.roleName}`) : named;
  }

  /** Those with the connection of that name, if one is given. */
  #sessions(connection?: string): readonly Session[] {
    const { sessions } = this.#parts.sessions;
    return sessions.filter((session) => connection === undefined || session.connection.name === connection);
  }
}
