import { roleKeyText } from '../../role.ts';
import type { RoleKey } from '../../role.ts';

/** What the user last said of a role. */
export interface PinEntry extends RoleKey {
  readonly isPinned: boolean;
  /** Milliseconds since the epoch; a later word has a later one, whatever the clock said. */
  readonly at: number;
}

export interface RecentEntry extends RoleKey {
  /** When the role was used last, in milliseconds since the epoch. */
  readonly at: number;
}

/** Which roles are pinned, and which were used lately. Windows change it at the same time: `mergePins` loses nothing. */
export interface Pins {
  /** In the order in which they were pinned; with those that were unpinned lately, which another window may not know. */
  readonly pins: readonly PinEntry[];
  /** The latest first. */
  readonly recents: readonly RecentEntry[];
}

export const NO_PINS: Pins = { pins: [], recents: [] };

const MAX_RECENTS = 10;
const MAX_UNPINNED = 200;

/** @param now milliseconds since the epoch */
export function setPinned(pins: Pins, role: RoleKey, isPinned: boolean, now: number): Pins {
  const known = pins.pins.find((entry) => isSame(entry, role));
  if ((known?.isPinned ?? false) === isPinned) {
    return pins;
  }
  const entry = { ...keyOf(role), isPinned, at: Math.max(now, (known?.at ?? -Infinity) + 1) };
  return mergePins(pins, { pins: [entry], recents: [] });
}

/** @param now milliseconds since the epoch */
export function setUsed(pins: Pins, role: RoleKey, now: number): Pins {
  const latest = pins.recents[0]?.at ?? -Infinity;
  return mergePins(pins, { pins: [], recents: [{ ...keyOf(role), at: Math.max(now, latest + 1) }] });
}

/** What both say of each role, the later word of each. In whatever order windows are merged, they come to the same. */
export function mergePins(a: Pins, b: Pins): Pins {
  const pins = latestOf([...a.pins, ...b.pins]);
  const unpinned = new Set(pins.filter(({ isPinned }) => !isPinned).slice(-MAX_UNPINNED));
  const recents = latestOf([...a.recents, ...b.recents]).toReversed();
  return {
    pins: pins.filter((entry) => entry.isPinned || unpinned.has(entry)),
    recents: recents.slice(0, MAX_RECENTS),
  };
}

/** The last entry of each role, the oldest first. */
function latestOf<T extends RoleKey & { readonly at: number }>(entries: readonly T[]): readonly T[] {
  const latest = new Map<string, T>();
  for (const entry of entries.toSorted(byTime)) {
    latest.set(roleKeyText(entry), entry);
  }
  return [...latest.values()].toSorted(byTime);
}

/** Of two words at the same moment, which only two windows can say, the same one wins everywhere. */
function byTime<T extends RoleKey & { readonly at: number; readonly isPinned?: boolean }>(
  a: T,
  b: T,
): number {
  return a.at - b.at || Number(a.isPinned) - Number(b.isPinned) || compare(roleKeyText(a), roleKeyText(b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function isSame(a: RoleKey, b: RoleKey): boolean {
  return roleKeyText(a) === roleKeyText(b);
}

function keyOf({ connection, accountId, roleName }: RoleKey): RoleKey {
  return { connection, accountId, roleName };
}
