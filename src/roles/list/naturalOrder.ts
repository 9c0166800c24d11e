const NATURAL = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Orders text as humans do: `team-2` before `team-10`, without regard to case and accents unless all else is equal. */
export function naturalOrder(a: string, b: string): number {
  return NATURAL.compare(a, b) || (a < b ? -1 : Number(a > b));
}
