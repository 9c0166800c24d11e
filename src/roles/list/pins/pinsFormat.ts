import * as v from 'valibot';

import { text, time, wholeFrom } from '../../../common/jsonSchemas.ts';
import { NO_PINS } from './pins.ts';
import type { Pins } from './pins.ts';

/** Another one means: whoever does not know it must not write the file. What is only added needs no new one. */
const FORMAT = 1;

const key = { connection: text, accountId: text, roleName: text, at: time };
/** Loose: what a newer version has added to an entry is kept. */
const pin = v.looseObject({ ...key, isPinned: v.boolean() });
const recent = v.looseObject(key);

const file = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({
    format: wholeFrom(FORMAT),
    pins: v.array(v.unknown()),
    recents: v.array(v.unknown()),
  }),
);

/** The content of the file of pins. */
export interface StoredPins {
  readonly pins: Pins;
  /** Members that a newer version has added, to be kept. */
  readonly newer: Readonly<Record<string, unknown>>;
  /** Whether only a newer version may write it. */
  readonly isReadOnly: boolean;
}

/** Reads what `formatPins` has written: what can be read of it is never lost to what cannot. */
export function parsePins(fileText: string | undefined): StoredPins {
  const read = v.safeParse(file, fileText);
  if (!read.success) {
    return { pins: NO_PINS, newer: {}, isReadOnly: false };
  }
  const { format, pins, recents, ...newer } = read.output;
  return {
    pins: { pins: readable(pin, pins), recents: readable(recent, recents) },
    newer,
    isReadOnly: format > FORMAT,
  };
}

function readable<T>(schema: v.GenericSchema<unknown, T>, entries: readonly unknown[]): readonly T[] {
  return entries.flatMap((entry) => {
    const read = v.safeParse(schema, entry);
    return read.success ? [read.output] : [];
  });
}

/** The text `parsePins` reads. */
export function formatPins({ pins, recents }: Pins, newer: StoredPins['newer']): string {
  return JSON.stringify({ ...newer, format: FORMAT, pins, recents }, null, 1);
}
