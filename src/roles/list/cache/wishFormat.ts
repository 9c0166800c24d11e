import * as v from 'valibot';

import { time } from '../../../common/jsonSchemas.ts';

/** What a window requests of the one that lists: the last request counts. */
export interface ListingWish {
  /** What was listed before then is to be listed again: milliseconds since the epoch. */
  readonly since: number;
  /** The accounts that the user looks at. */
  readonly accountIds: readonly string[];
}

const wish = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ since: time, accountIds: v.array(v.string()) }),
) satisfies v.GenericSchema<string, ListingWish>;

/** @returns undefined for what is damaged */
export function parseWish(text: string): ListingWish | undefined {
  const read = v.safeParse(wish, text);
  return read.success ? read.output : undefined;
}

export function formatWish({ since, accountIds }: ListingWish): string {
  return JSON.stringify({ since, accountIds });
}
