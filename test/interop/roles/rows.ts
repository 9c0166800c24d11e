import assert from 'node:assert/strict';

import { Table } from '../table.ts';
import type { ToolRow } from '../table.ts';
import type { ToolRun } from './toolRun.ts';

/** What was seen of one tool in role terminals, in the words of the table. */
export interface Row extends ToolRow {
  readonly empty: string;
  readonly otherAccount: string;
  readonly proxied: string;
  readonly mistyped: string;
  readonly ended: string;
}

export const ROLES_TABLE = new Table<Row>('roles', {
  tool: 'tool',
  from: 'from',
  version: 'version',
  empty: 'with an empty `~/.aws`',
  otherAccount: "beside another account's keys",
  proxied: 'behind a proxy',
  mistyped: 'with `AWS_PROFILE` mistyped',
  ended: 'once the sign-in has ended',
});

/** What of a row changes only when somebody changes the tool or the extension. */
export function steady({ version: _version, ...seen }: Row): Partial<Row> {
  return seen;
}

const THE_ROLE = 'is the role';

/** Whether AWS saw the role, and nobody else, and the tool knows. */
export function assertRole(run: ToolRun, { isRefused = false }: { readonly isRefused?: boolean }): string {
  assert.equal(run.seen, 'the role', run.output);
  assert.equal(run.exitCode !== 0, isRefused, run.output);
  return THE_ROLE;
}

/** It is not the role, nor anybody else. */
export function assertNobody(run: ToolRun): void {
  assert.match(run.seen, /^(?:nobody|unsigned)$/, run.output);
  assert.notEqual(run.exitCode, 0, run.output);
}

/**
 * What a tool does that may not be the role, in words: whatever it does, it is nobody else, and has failed.
 * @param reason what its output has where it says why
 */
export function inWords(run: ToolRun, tool: { readonly isRefused?: boolean }, reason: RegExp): string {
  if (run.seen === 'the role') {
    return assertRole(run, tool);
  }
  assert.notEqual(run.seen, 'somebody else', run.output);
  assert.notEqual(run.exitCode, 0, run.output);
  const says = reason.test(run.output) ? 'says why' : "doesn't say why";
  return run.seen === 'unsigned' ? 'asks AWS unsigned' : `fails, ${says}`;
}
