import * as v from 'valibot';

import { sessionSchema } from './session.ts';
import type { Session } from './session.ts';

const FORMAT = 1;

const indexSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    format: v.literal(FORMAT),
    rebuiltAt: v.exactOptional(v.pipe(v.number(), v.finite())),
    sessions: v.array(v.unknown()),
  }),
);

/** The index file's content. */
export interface StoredSessions {
  readonly sessions: readonly Session[];
  /** Whether there was something in it that could not be read: it is not among `sessions`. */
  readonly damaged: boolean;
  /**
   * When a damaged file was last replaced by what could be read of it, in milliseconds since the epoch:
   * a session that is missing since then was lost, not signed out.
   */
  readonly rebuiltAt?: number;
}

/** Reads the index file's text: what can be read of it is never lost to what cannot. */
export function parseIndex(text: string): StoredSessions {
  const index = v.safeParse(indexSchema, text);
  if (!index.success) {
    return { sessions: [], damaged: true };
  }
  const { sessions: entries, rebuiltAt } = index.output;
  const sessions = entries.flatMap((entry) => {
    const session = v.safeParse(sessionSchema, entry);
    return session.success ? [session.output] : [];
  });
  return {
    sessions,
    damaged: sessions.length < entries.length,
    ...(rebuiltAt !== undefined && { rebuiltAt }),
  };
}

/** The text `parseIndex` reads. */
export function formatIndex({ sessions, rebuiltAt }: Omit<StoredSessions, 'damaged'>): string {
  return `${JSON.stringify({ format: FORMAT, rebuiltAt, sessions }, null, 1)}\n`;
}
