import * as v from 'valibot';

import { isRegion } from '../../oidc/regionCode.ts';

const roleArgument = v.object({
  /** The connection's name; absent where only one is signed in. */
  connection: v.exactOptional(v.string()),
  accountId: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  roleName: v.pipe(v.string(), v.regex(/^[\w+=,.@-]{1,64}$/)),
  region: v.exactOptional(v.pipe(v.string(), v.check(isRegion))),
});

/** The argument of a command from a keyboard shortcut, a task or another extension: it then asks nothing. */
export type RoleArgument = Readonly<v.InferOutput<typeof roleArgument>>;

/** @throws Error that names what is wrong with it */
export function parseRoleArgument(argument: unknown): RoleArgument | undefined {
  // VS Code hands menus' commands what they were invoked on.
  const isForUs = typeof argument === 'object' && argument !== null && 'roleName' in argument;
  if (!isForUs) {
    return undefined;
  }
  const parsed = v.safeParse(roleArgument, argument);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new TypeError(`The argument isn't a role: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
  }
  return parsed.output;
}
