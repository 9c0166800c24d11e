import type undici from 'undici';

/** What is used of undici, and all that the bundle has of it: see `esbuild.ts`. */
export type Undici = Pick<typeof undici, 'Agent' | 'Client' | 'fetch' | 'ProxyAgent'>;

/** Where the versions of undici, Node's own among them, keep the dispatcher that everybody's `fetch` goes through. */
const GLOBAL_DISPATCHERS = ['undici.globalDispatcher.1', 'undici.globalDispatcher.2'].map((key) =>
  Symbol.for(key),
);

/**
 * Loads undici, which puts dispatchers of its own there when loaded first, and puts those back that were there: other
 * extensions' requests are none of our business.
 */
export async function loadUndici(): Promise<Undici> {
  const holder = globalThis as Record<symbol, unknown>;
  const before = GLOBAL_DISPATCHERS.map((key) => [key, holder[key]] as const);
  // Bundled, a CommonJS package has no other exports than this.
  const { default: undici } = await import('undici');
  for (const [key, dispatcher] of before) {
    holder[key] = dispatcher;
  }
  return undici;
}
