import { registerHooks } from 'node:module';

import type { Engine } from './window.ts';

/** A change to the source that breaks one of its promises. */
export interface Mutation {
  /** Its path in the folder that is changed. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const SESSIONS = new URL('../../src/sessions/', import.meta.url);

/** The modules that the engine is taken from. */
const PARTS = ['sessionManager.ts', 'signIn/sharedSignIns.ts', 'signIn/recentSignIn.ts'];

/** The engine with these changes made to its source. @throws Error as {@link loadChanged} does */
export function mutant(name: string, mutations: readonly Mutation[]): Promise<Engine> {
  return loadChanged<Engine>(name, mutations, SESSIONS, PARTS);
}

/**
 * What these modules of a folder export, with changes made to the source in it, loaded beside the real one.
 * @throws Error when a change finds nothing to change: then the source has moved on, and so must the mutation
 */
export async function loadChanged<T>(
  name: string,
  mutations: readonly Mutation[],
  { href: folder }: URL,
  modules: readonly string[],
): Promise<T> {
  const query = `?mutant=${name}`;
  const applied = new Set<Mutation>();
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const isInside = context.parentURL?.endsWith(query) === true && resolved.url.startsWith(folder);
      return isInside ? { ...resolved, url: resolved.url + query } : resolved;
    },
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.endsWith(query)) {
        return loaded;
      }
      let source = Buffer.from((loaded.source as Uint8Array | undefined) ?? []).toString('utf8');
      for (const mutation of mutations.filter(({ file }) => url === folder + file + query)) {
        if (source.includes(mutation.from)) {
          applied.add(mutation);
          source = source.replaceAll(mutation.from, () => mutation.to);
        }
      }
      return { ...loaded, source };
    },
  });
  try {
    const parts = await Promise.all(modules.map((file) => import(folder + file + query)));
    for (const mutation of mutations) {
      if (!applied.has(mutation)) {
        throw new Error(
          `The mutation "${name}" finds nothing to change in ${mutation.file}: ${mutation.from}`,
        );
      }
    }
    return Object.assign({}, ...parts) as T;
  } finally {
    hooks.deregister();
  }
}
