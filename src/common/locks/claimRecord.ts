import * as v from 'valibot';

import type { Holder } from './holder.ts';

/** What a lock file says. */
export interface ClaimRecord {
  /** This one claim, and no other. */
  readonly id: string;
  readonly holder: Holder;
  /** Counts up while the holder lives, so that the text changes. */
  readonly beat: number;
}

/** Of one length, because a mount may show a new text in the length of an old one. */
const LENGTH = 512;

const text = v.pipe(
  v.string(),
  v.check((value) => value.length <= 100),
);
const schema = v.object({
  id: text,
  holder: v.object({ machine: text, boot: text, processNamespace: text, pid: v.number() }),
  beat: v.number(),
});

export function formatClaim({ id, holder, beat }: ClaimRecord): string {
  const { machine, boot, processNamespace, pid } = holder;
  const record = { id, holder: { machine, boot, processNamespace, pid }, beat };
  return `${JSON.stringify(record).padEnd(LENGTH - 1)}\n`;
}

/** `undefined` for what is not a whole record: its writer is still writing, or died while writing. */
export function parseClaim(content: string): ClaimRecord | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), content);
  return parsed.success ? parsed.output : undefined;
}
