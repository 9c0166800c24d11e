import * as v from 'valibot';

import { text, time, wholeFrom } from '../../common/jsonSchemas.ts';
import { isLater } from '../sessionVersions.ts';
import type { Session, Version } from '../session.ts';

/** An object of JSON. */
type Json = Readonly<Record<string, unknown>>;

/** The members of an object that this version does not know, and those of the objects in the members it does know. */
export interface UnknownMembers {
  readonly own: Json;
  readonly nested: Readonly<Record<string, UnknownMembers>>;
  /** Of which kind the object was: of another kind it has other members. */
  readonly kind: unknown;
}

/** A session that only a newer version can read, such as one in a state of which this version knows nothing. */
export interface UnknownSession extends Version {
  readonly id: string;
  /** As it came. */
  readonly entry: unknown;
}

/**
 * What a newer version has written into the index. During every update windows of both versions share the file: what
 * this one does not know is no damage, and is written back as it came.
 */
export interface NewerParts {
  /** The index's own unknown members. */
  readonly members: Json;
  readonly sessions: readonly UnknownSession[];
  /**
   * What is unknown of the known sessions, by their ids: looked for when the file is written, and not each time it is
   * read, because that takes a fifth of the reading.
   */
  readonly details: () => ReadonlyMap<string, UnknownMembers>;
}

export const NOTHING_NEWER: NewerParts = { members: {}, sessions: [], details: () => new Map() };

/** All that has to be readable of a session for this version to leave it alone. */
const unknownSession = v.object({
  id: text,
  signedInAt: time,
  generation: wholeFrom(1),
});

/** `entry`, which is no session that this version knows, as one of a newer version; undefined if it is damaged. */
export function readUnknownSession(entry: unknown): UnknownSession | undefined {
  const read = v.safeParse(unknownSession, entry);
  return read.success ? { ...read.output, entry } : undefined;
}

/** The members of `raw`, and of the objects in it, that are not in `known`, which was read from it. */
export function unknownMembers(raw: unknown, known: unknown): UnknownMembers | undefined {
  if (!isObject(raw) || !isObject(known)) {
    return undefined;
  }
  const own: (readonly [string, unknown])[] = [];
  const nested: (readonly [string, UnknownMembers])[] = [];
  for (const name of Object.keys(raw)) {
    const value = raw[name];
    if (!Object.hasOwn(known, name)) {
      own.push([name, value]);
    } else if (isObject(value)) {
      const unknown = unknownMembers(value, known[name]);
      if (unknown !== undefined) {
        nested.push([name, unknown]);
      }
    }
  }
  return own.length + nested.length === 0
    ? undefined
    : { own: Object.fromEntries(own), nested: Object.fromEntries(nested), kind: raw['kind'] };
}

/** `known` with the unknown members in their places, where those are still there. */
export function withUnknownMembers(known: object, unknown: UnknownMembers | undefined): object {
  const members = known as Json;
  if (unknown === undefined || members['kind'] !== unknown.kind) {
    return known;
  }
  const nested = Object.entries(members).map(([name, value]) => [
    name,
    isObject(value) && Object.hasOwn(unknown.nested, name)
      ? withUnknownMembers(value, unknown.nested[name])
      : value,
  ]);
  return { ...unknown.own, ...(Object.fromEntries(nested) as Json) };
}

/** The entries of the index: each session once, the later version of it. */
export function entriesOf(
  sessions: readonly Session[],
  { sessions: unknown, details }: NewerParts,
  isSignedOut: (session: UnknownSession) => boolean,
): readonly unknown[] {
  const known = new Map(sessions.map((session) => [session.id, session]));
  const kept = unknown.filter((session) => {
    const own = known.get(session.id);
    return own === undefined ? !isSignedOut(session) : !isLater(own, session);
  });
  const overtaken = new Set(kept.map(({ id }) => id));
  const unknownDetails = details();
  return [
    ...sessions
      .filter(({ id }) => !overtaken.has(id))
      .map((session) => withUnknownMembers(session, unknownDetails.get(session.id))),
    ...kept.map(({ entry }) => entry),
  ];
}

/** What is in `parts`, and the sessions in `more` that are not. */
export function joinNewer(parts: NewerParts, more: NewerParts): NewerParts {
  const ids = new Set(parts.sessions.map(({ id }) => id));
  return {
    members: { ...more.members, ...parts.members },
    sessions: [...parts.sessions, ...more.sessions.filter(({ id }) => !ids.has(id))],
    details: () => new Map([...more.details(), ...parts.details()]),
  };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
