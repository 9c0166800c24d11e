import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { build, context } from 'esbuild';
import type { BuildOptions, Metafile, Plugin } from 'esbuild';

import { toCommonJs } from './scripts/common/commonJs.ts';
import { bundledPackages, licenseNotices } from './scripts/common/licenses.ts';

/** What the code is made for. */
export const RUNTIME = {
  target: 'node22',
  // Otherwise esbuild builds some regular expressions of valibot when it's loaded, though nothing uses them.
  supported: { 'regexp-unicode-property-escapes': true },
} as const;
const ROOT = import.meta.dirname;
/** Where the extension is bundled, for its package. */
export const BUNDLE = 'dist/extension';
const LICENSES = 'THIRD-PARTY-LICENSES.txt';

/**
 * What `src/network` needs of undici, in place of its index, which has everything: for `fetch`, agents and proxies a
 * quarter of it is enough. Its second HTTP parser (`lib/milo`) is off unless an environment variable says otherwise,
 * and stays off here.
 */
const UNDICI = `Object.assign(require('undici/lib/dispatcher/dispatcher.js').prototype, require('undici/lib/api/index.js'));
exports.fetch = require('undici/lib/web/fetch/index.js').fetch;
exports.Agent = require('undici/lib/dispatcher/agent.js');
exports.Client = require('undici/lib/dispatcher/client.js');
exports.ProxyAgent = require('undici/lib/dispatcher/proxy-agent.js');`;

const undiciParts: Plugin = {
  name: 'undici parts',
  setup(building) {
    building.onResolve({ filter: /^undici$/ }, ({ path }) => ({ path, namespace: 'parts' }));
    building.onLoad({ filter: /^undici$/, namespace: 'parts' }, () => ({
      contents: UNDICI,
      resolveDir: ROOT,
    }));
    building.onLoad({ filter: /[\\/]undici[\\/]lib[\\/]milo[\\/]/ }, () => ({ contents: '' }));
  },
};

const OPTIONS: BuildOptions & { readonly metafile: true } = {
  entryPoints: [
    { in: 'src/extension.ts', out: 'extension' },
    // A program of its own: see src/common/locks/helperProcess.ts.
    { in: 'src/common/locks/lockHelper.ts', out: 'lockHelper' },
    // A program of its own: see src/roles/terminal/credentialProcess.ts.
    { in: 'src/roles/terminal/credentialProcess.ts', out: 'credentialProcess' },
    // A program of its own: see src/roles/shell/shellVariables.ts.
    { in: 'src/roles/shell/shellVariables.ts', out: 'shellVariables' },
  ],
  outdir: BUNDLE,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  ...RUNTIME,
  external: ['vscode'],
  plugins: [undiciParts],
  define: { 'process.env.UNDICI_USE_MILO': 'undefined' },
  // ES modules can be split and shaken; what packages offer as `main` cannot.
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.cjs' },
  chunkNames: '[name]-[hash]',
  legalComments: 'linked',
  metafile: true,
  minify: true,
  logLevel: 'warning',
};

/**
 * Bundles the extension into a folder: a small entry point, chunks that load when first needed, and the helper
 * process of the locks. esbuild splits ES modules only, so it splits those, and each file is then turned into CommonJS.
 * The licenses of the packages in it lie beside it.
 * @returns what is in which file, before that
 */
export async function buildExtension(folder = BUNDLE): Promise<Metafile> {
  await clear(folder);
  const { metafile } = await build({ ...OPTIONS, outdir: folder });
  await finish(metafile, folder);
  return metafile;
}

/**
 * Bundles the extension as {@link buildExtension} does, and again whenever a file of it changes, until the process ends.
 * esbuild prints its own errors.
 */
export async function watchExtension(onBuilt: () => void): Promise<void> {
  await clear(BUNDLE);
  const finishing: Plugin = {
    name: 'finishing',
    setup: (building) =>
      building.onEnd(async ({ errors, metafile }) => {
        if (errors.length === 0 && metafile !== undefined) {
          await finish(metafile, BUNDLE);
          onBuilt();
        }
      }),
  };
  const watched = await context({ ...OPTIONS, plugins: [undiciParts, finishing] });
  await watched.watch();
}

async function clear(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}

async function finish(metafile: Metafile, folder: string): Promise<void> {
  const files = Object.keys(metafile.outputs).filter((path) => path.endsWith('.cjs'));
  await Promise.all(files.map((path) => toCommonJs(path, metafile, RUNTIME)));
  await writeFile(join(folder, LICENSES), licenseNotices(await bundledPackages(metafile)));
}

if (import.meta.main) await buildExtension();
