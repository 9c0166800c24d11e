/** The time in UTC, in whole seconds, rounded down: `2026-01-31T12:00:00Z`. @param timeMs milliseconds since the epoch */
export function wholeSeconds(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}
