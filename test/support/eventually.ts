import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 50;

/** Asks until there is an answer. @throws Error with `what` when there is none in time; what `ask` throws */
export async function eventually<T>(
  what: string,
  ask: () => T | null | undefined | Promise<T | null | undefined>,
  timeoutMs = 15_000,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== null && answer !== undefined) return answer;
    await delay(POLL_MS);
  }
  throw new Error(`Waited ${timeoutMs / 1000} s in vain: ${what}`);
}
