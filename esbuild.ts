import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { build, transform } from 'esbuild';
import type { Metafile } from 'esbuild';

import { bundledPackages, licenseNotices } from './scripts/common/licenses.ts';

const TARGET = 'node22';
const OUT = 'dist/extension';
const LICENSES = 'THIRD-PARTY-LICENSES.txt';

/**
 * Bundles the extension into `dist/extension/`: a small entry point, chunks that load when first needed, and the helper
 * process of the locks. esbuild splits ES modules only, so it splits those, and each file is then turned into CommonJS.
 * The licenses of the packages in it lie beside it.
 * @returns what is in which file, before that
 */
export async function buildExtension(): Promise<Metafile> {
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  const { metafile } = await build({
    entryPoints: [
      { in: 'src/extension.ts', out: 'extension' },
      // A program of its own: see src/common/locks/helperProcess.ts.
      { in: 'src/common/locks/lockHelper.ts', out: 'lockHelper' },
    ],
    outdir: OUT,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: TARGET,
    external: ['vscode'],
    // ES modules can be split and shaken; what packages offer as `main` cannot.
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.cjs' },
    chunkNames: '[name]-[hash]',
    legalComments: 'linked',
    metafile: true,
    minify: true,
    logLevel: 'warning',
  });
  const names = (await readdir(OUT)).filter((name) => name.endsWith('.cjs'));
  await Promise.all(names.map((name) => toCommonJs(join(OUT, name))));
  await writeFile(join(OUT, LICENSES), licenseNotices(await bundledPackages(metafile)));
  return metafile;
}

async function toCommonJs(path: string): Promise<void> {
  const { code } = await transform(await readFile(path, 'utf8'), {
    format: 'cjs',
    platform: 'node',
    target: TARGET,
    supported: { 'dynamic-import': false },
    minify: true,
  });
  await writeFile(path, code);
}
