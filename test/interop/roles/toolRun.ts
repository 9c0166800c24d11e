import type { SignedCall } from '../../identity-center/aws/signedCalls.ts';

/** The role that terminals are opened with. */
export const ROLE = { accountId: '444455556666', roleName: 'PowerUserAccess', region: 'eu-west-1' };
/** A bucket of its account. */
export const BUCKET = `assets-${ROLE.accountId}`;

/** Whom AWS's services saw behind a tool's calls. */
export type Seen = 'the role' | 'somebody else' | 'unsigned' | 'nobody';

/** What came of a run of a tool. */
export interface ToolRun {
  /** By the signatures of its calls, whatever the tool says. */
  readonly seen: Seen;
  readonly calls: number;
  readonly exitCode: number;
  readonly output: string;
}

function isRole({ signer }: SignedCall): boolean {
  return signer?.accountId === ROLE.accountId && signer.roleName === ROLE.roleName;
}

/** Whom these calls were signed as: the worst of what was seen counts. */
export function whom(calls: readonly SignedCall[]): Seen {
  if (calls.length === 0) {
    return 'nobody';
  }
  if (calls.some((call) => call.problem === undefined && !isRole(call))) {
    return 'somebody else';
  }
  const problem = calls.find((call) => call.problem !== undefined)?.problem;
  return problem === undefined ? 'the role' : problem === 'missing' ? 'unsigned' : 'somebody else';
}
