import * as v from 'valibot';

// Each is one step: a file may have a thousand of them, and is read while a window starts.

/** A string that is not empty. */
export const text = v.custom<string>((value) => typeof value === 'string' && value !== '');

/** A number that a time may be: neither NaN nor infinite. */
export const time = v.custom<number>(Number.isFinite);

/** A whole number, `least` or more. */
export function wholeFrom(least: number) {
  return v.custom<number>((value) => Number.isInteger(value) && Number(value) >= least);
}

/**
 * The first half of an object's schema, for JSON of others: a member of `optional` that its schema cannot read, as well
 * as any that is an empty string or null, counts as absent, so that what matters is not lost to what does not.
 */
export function withoutOdd(optional: v.ObjectEntries) {
  const options = Object.entries(optional);
  return v.pipe(
    v.custom<Readonly<Record<string, unknown>>>(isRecord),
    v.transform((members) => {
      const odd = options
        .filter(([name, schema]) => Object.hasOwn(members, name) && isOdd(members[name], schema))
        .map(([name]) => name);
      return odd.length === 0
        ? members
        : Object.fromEntries(Object.entries(members).filter(([name]) => !odd.includes(name)));
    }),
  );
}

function isOdd(value: unknown, schema: v.ObjectEntries[string]): boolean {
  return value === '' || !v.is(schema, value);
}

/** To valibot's own objects and records a list is one, too. */
function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A schema that reads what `schema` reads, but equal values only once, however often they come: for what is expensive to
 * read and the same in most records of a file. What is wrong with a value, it does not say.
 */
export function readOnce<T>(schema: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, T> {
  const results = new Map<string, v.SafeParseResult<typeof schema>>();
  return v.pipe(
    v.unknown(),
    v.rawTransform(({ dataset, addIssue, NEVER }): T => {
      const key = JSON.stringify(dataset.value);
      const result = results.get(key) ?? v.safeParse(schema, dataset.value);
      results.set(key, result);
      if (result.success) {
        return result.output;
      }
      addIssue();
      return NEVER;
    }),
  );
}
