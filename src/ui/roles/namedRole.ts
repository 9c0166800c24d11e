import * as vscode from 'vscode';

import { l10n } from '../../common/words.ts';
import { rolesOwners } from '../../roles/list/rolesOwner.ts';
import type { Session } from '../../sessions/session.ts';
import type { ChosenRole } from './chosenRole.ts';
import { ErrorWithStep } from './explain.ts';
import type { RoleArgument } from './roleArgument.ts';

/**
 * The role that an argument names, with the session that it is taken with; `several` where more than one user or
 * connection could be meant.
 * @throws ErrorWithStep where nobody is signed in with the connection
 */
export function namedRole(
  sessions: readonly Session[],
  { connection, accountId, roleName }: RoleArgument,
): ChosenRole | 'several' {
  const owners = rolesOwners(sessions);
  const [owner, ...others] =
    connection === undefined
      ? owners
      : owners.filter((candidate) => candidate.connection.name === connection);
  if (others.length > 0) {
    return 'several';
  }
  const session = sessions.find(({ id }) => id === owner?.sessionId);
  if (session === undefined) {
    throw new ErrorWithStep(
      l10n.t({
        message: "You aren't signed in with {0}.",
        args: [connection ?? ''],
        comment: ['{0} is the name of a connection'],
      }),
      { label: vscode.l10n.t('Sign In'), run: () => vscode.commands.executeCommand('awsSso.signIn') },
    );
  }
  return { session, accountName: accountId, accountId, roleName };
}
