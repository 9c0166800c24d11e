import * as v from 'valibot';

import { hostSchema } from './holder.ts';
import { sessionSchema } from './session.ts';
import type { Session } from './session.ts';
import type { ActiveHost } from './sharedFolder.ts';

const FORMAT = 1;

const indexSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    format: v.literal(FORMAT),
    rebuiltAt: v.exactOptional(v.pipe(v.number(), v.finite())),
    signedOut: v.exactOptional(v.array(v.object({ id: v.string(), at: v.pipe(v.number(), v.finite()) })), []),
    hosts: v.exactOptional(v.array(v.object({ ...hostSchema.entries, at: v.pipe(v.number(), v.finite()) }))),
    sessions: v.array(v.unknown()),
  }),
);

/** A session that is gone for good. */
export interface SignedOut {
  readonly id: string;
  /** When, in milliseconds since the epoch: a sign-in with this id before then is over. */
  readonly at: number;
}

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
  /** The last sign-outs. */
  readonly signedOut: readonly SignedOut[];
  /** The machines that have written it lately. */
  readonly hosts?: readonly ActiveHost[];
}

/** Reads the index file's text: what can be read of it is never lost to what cannot. */
export function parseIndex(text: string): StoredSessions {
  const index = v.safeParse(indexSchema, text);
  if (!index.success) {
    return { sessions: [], damaged: true, signedOut: [] };
  }
  const { sessions: entries, rebuiltAt, signedOut, hosts } = index.output;
  const sessions = entries.flatMap((entry) => {
    const session = v.safeParse(sessionSchema, entry);
    return session.success ? [session.output] : [];
  });
  return {
    sessions,
    damaged: sessions.length < entries.length,
    ...(rebuiltAt !== undefined && { rebuiltAt }),
    signedOut,
    ...(hosts !== undefined && { hosts }),
  };
}

/** Whether the session with this `id` was signed out at that time or later; in milliseconds since the epoch. */
export function isSignedOut(id: string, at: number, signedOut: readonly SignedOut[]): boolean {
  return signedOut.some((gone) => gone.id === id && gone.at >= at);
}

/** Older ones matter to nobody any more. */
const MOST_SIGNED_OUT = 50;

/** The text `parseIndex` reads. */
export function formatIndex(index: Omit<StoredSessions, 'damaged'>): string {
  const { sessions, rebuiltAt, signedOut, hosts } = index;
  const latest = signedOut.slice(-MOST_SIGNED_OUT);
  return `${JSON.stringify({ format: FORMAT, rebuiltAt, signedOut: latest, hosts, sessions }, null, 1)}\n`;
}
