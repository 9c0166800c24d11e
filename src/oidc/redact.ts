/** What stands where a secret stood. */
const REDACTED = '[redacted]';

/** The shortest piece of a secret that counts as one. */
const SHORTEST_PIECE = 8;

/**
 * A string from outside, fit for a message: one line, at most `maxLength` characters, and without `secrets`,
 * be they whole, percent-encoded, or cut into pieces of eight or more characters. Undefined when nothing is left.
 */
export function sanitize(
  value: string | undefined,
  secrets: readonly string[],
  maxLength: number,
): string | undefined {
  const hidden = secrets
    .flatMap((secret) => [secret, oneLine(secret), encodeURIComponent(secret.toWellFormed())])
    .filter((secret) => secret !== '');
  const whole = hidden
    .toSorted((a, b) => b.length - a.length)
    .reduce((text, secret) => text.replaceAll(secret, REDACTED), oneLine(value ?? ''));
  const clean = whole.replaceAll(/[\w+/~-]+/g, (run) =>
    run.length >= SHORTEST_PIECE && hidden.some((secret) => secret.includes(run)) ? REDACTED : run,
  );
  if (clean.length <= maxLength) {
    return clean === '' ? undefined : clean;
  }
  return `${clean.slice(0, maxLength - 1).toWellFormed()}…`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim();
}
