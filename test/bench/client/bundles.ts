import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { RUNTIME } from '../../../esbuild.ts';

const OUT = resolve(import.meta.dirname, '..', '..', '..', 'dist', 'bench', 'clients');

/** The files of the clients under measurement, all bundled in the same way, which is that of the extension. */
export interface ClientBundles {
  readonly ours: string;
  /** AWS's own SDK. */
  readonly peer: string;
  /** `fetch` and nothing else. */
  readonly bareFetch: string;
}

export async function bundleClients(): Promise<ClientBundles> {
  const names = ['ours', 'peer', 'bareFetch'] as const;
  await build({
    entryPoints: names.map((name) => join(import.meta.dirname, `${name}.ts`)),
    outdir: OUT,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    mainFields: ['module', 'main'],
    ...RUNTIME,
    minify: true,
    logLevel: 'warning',
  });
  const [ours, peer, bareFetch] = names.map((name) => join(OUT, `${name}.cjs`));
  return { ours, peer, bareFetch } as ClientBundles;
}
