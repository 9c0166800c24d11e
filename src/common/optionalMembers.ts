import * as v from 'valibot';

/**
 * The first half of an object's schema, for JSON of others: a member of `optional` that its schema cannot read, as well
 * as any that is an empty string or null, counts as absent, so that what matters is not lost to what does not.
 */
export function withoutOdd(optional: v.ObjectEntries) {
  return v.pipe(
    v.custom<Readonly<Record<string, unknown>>>(isRecord),
    v.transform((members) =>
      Object.fromEntries(
        Object.entries(members).filter(([name, value]) => {
          const schema = Object.hasOwn(optional, name) ? optional[name] : undefined;
          return schema === undefined || (value !== '' && v.is(schema, value));
        }),
      ),
    ),
  );
}

/** To valibot's own objects and records a list is one, too. */
function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
