import * as v from 'valibot';

import { time, wholeFrom } from '../../common/jsonSchemas.ts';
import { hostSchema } from '../../common/locks/holder.ts';
import { entriesOf, NOTHING_NEWER, readUnknownSession, unknownMembers } from './newerIndex.ts';
import type { NewerParts, UnknownMembers, UnknownSession } from './newerIndex.ts';
import { createSessionSchema } from '../sessionSchemas.ts';
import type { Session } from '../session.ts';
import type { ActiveHost } from './sharedFolder.ts';

/** Another one means: whoever does not know it must not write the file. What is only added needs no new one. */
const FORMAT = 1;

const jsonSchema = v.pipe(v.string(), v.parseJson());

const signOuts = v.array(v.object({ id: v.string(), at: time }));

const indexSchema = v.object({
  format: v.literal(FORMAT),
  rebuiltAt: v.exactOptional(time),
  signedOut: v.exactOptional(signOuts, []),
  leftSecrets: v.exactOptional(v.array(v.string()), []),
  hosts: v.exactOptional(v.array(v.object({ ...hostSchema.entries, at: time }))),
  sessions: v.custom<readonly unknown[]>(Array.isArray),
});

/** The least that a later format has in common with this one. */
const laterFormatSchema = v.object({
  format: wholeFrom(FORMAT + 1),
  rebuiltAt: v.fallback(v.optional(time), undefined),
  signedOut: v.fallback(signOuts, []),
  sessions: v.fallback(v.array(v.unknown()), []),
});

/** A session that was removed for good. */
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
  /** The ids of removed sessions whose secrets may still be there. */
  readonly leftSecrets?: readonly string[];
  /** What a newer version has put into it. */
  readonly newer?: NewerParts;
  /** Whether it has the format of a newer version: this one must not write it. */
  readonly isReadOnly?: boolean;
}

/** Reads the index file's text: what can be read of it is never lost to what cannot. */
export function parseIndex(text: string): StoredSessions {
  const { output: json } = v.safeParse(jsonSchema, text);
  const index = v.safeParse(indexSchema, json);
  if (!index.success) {
    return readLaterFormat(json) ?? { sessions: [], damaged: true, signedOut: [] };
  }
  const { sessions: entries, rebuiltAt, signedOut, leftSecrets, hosts } = index.output;
  const { sessions, places, unknown, isDamaged } = readEntries(entries);
  const { own: members } = unknownMembers(json, index.output) ?? { own: {} };
  return {
    sessions,
    damaged: isDamaged,
    ...(rebuiltAt !== undefined && { rebuiltAt }),
    signedOut,
    ...(hosts !== undefined && { hosts }),
    ...(leftSecrets.length > 0 && { leftSecrets }),
    newer: { members, sessions: unknown, details: () => unknownDetails(text, sessions, places) },
  };
}

/** What can be read of an index that only a newer version can write. */
function readLaterFormat(json: unknown): StoredSessions | undefined {
  const later = v.safeParse(laterFormatSchema, json);
  if (!later.success) {
    return undefined;
  }
  const { sessions, rebuiltAt, signedOut } = later.output;
  return {
    sessions: readEntries(sessions).sessions,
    damaged: false,
    ...(rebuiltAt !== undefined && { rebuiltAt }),
    signedOut,
    isReadOnly: true,
  };
}

interface ReadEntries {
  readonly sessions: readonly Session[];
  /** Where each of the sessions is among the entries. */
  readonly places: readonly number[];
  readonly unknown: readonly UnknownSession[];
  readonly isDamaged: boolean;
}

function readEntries(entries: readonly unknown[]): ReadEntries {
  const sessions: Session[] = [];
  const places: number[] = [];
  const unknown: UnknownSession[] = [];
  const schema = createSessionSchema();
  for (const [place, entry] of entries.entries()) {
    const session = v.safeParse(schema, entry);
    if (session.success) {
      sessions.push(session.output);
      places.push(place);
    }
    const other = session.success ? undefined : readUnknownSession(entry);
    if (other !== undefined) {
      unknown.push(other);
    }
  }
  const isDamaged = sessions.length + unknown.length < entries.length;
  return { sessions, places, unknown, isDamaged };
}

/** Reads the text once more: it's kept anyway, and the objects in it would take as much memory as the sessions. */
function unknownDetails(
  text: string,
  sessions: readonly Session[],
  places: readonly number[],
): ReadonlyMap<string, UnknownMembers> {
  const { sessions: entries } = v.parse(indexSchema, JSON.parse(text));
  const details = new Map<string, UnknownMembers>();
  for (const [index, session] of sessions.entries()) {
    const members = unknownMembers(entries[places[index] ?? -1], session);
    if (members !== undefined) {
      details.set(session.id, members);
    }
  }
  return details;
}

/** Whether the session with this `id` was signed out at that time or later; in milliseconds since the epoch. */
export function isSignedOut(id: string, at: number, signedOut: readonly SignedOut[]): boolean {
  return signedOut.some((gone) => gone.id === id && gone.at >= at);
}

/** Older ones matter to nobody any more. */
const MAX_SIGNED_OUT = 50;

/** The text `parseIndex` reads. */
export function formatIndex(index: Omit<StoredSessions, 'damaged' | 'isReadOnly'>): string {
  const { sessions, rebuiltAt, signedOut, hosts, leftSecrets = [], newer = NOTHING_NEWER } = index;
  const known = {
    format: FORMAT,
    rebuiltAt,
    signedOut: signedOut.slice(-MAX_SIGNED_OUT),
    ...(leftSecrets.length > 0 && { leftSecrets }),
    hosts,
    sessions: entriesOf(sessions, newer, ({ id, signedInAt }) => isSignedOut(id, signedInAt, signedOut)),
  };
  return `${JSON.stringify({ ...known, ...newer.members })}\n`;
}
