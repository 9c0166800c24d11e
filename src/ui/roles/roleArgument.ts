import * as v from 'valibot';

import { l10n, WordedError } from '../../common/words.ts';
import { isRegion } from '../../oidc/regionCode.ts';

const roleArgument = v.object({
  /** The connection's name; absent where only one is signed in. */
  connection: v.optional(v.string()),
  accountId: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  roleName: v.pipe(v.string(), v.regex(/^[\w+=,.@-]{1,64}$/)),
  region: v.optional(v.pipe(v.string(), v.check(isRegion))),
});

/** The argument of a command from a keyboard shortcut, a task or another extension: it then asks nothing. */
export type RoleArgument = Readonly<v.InferOutput<typeof roleArgument>>;

/** @throws WordedError that names the member that is wrong */
export function parseRoleArgument(argument: unknown): RoleArgument | undefined {
  // VS Code hands menus' commands what they were invoked on.
  const isForUs = typeof argument === 'object' && argument !== null && 'roleName' in argument;
  if (!isForUs) {
    return undefined;
  }
  const parsed = v.safeParse(roleArgument, argument);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new WordedError(
      l10n.t({
        message: "The role that the command was given can't be used: its {0} isn't valid.",
        args: [v.getDotPath(issue) ?? 'roleName'],
        comment: ['{0} is the name of a member in JSON, such as accountId'],
      }),
    );
  }
  return parsed.output;
}
