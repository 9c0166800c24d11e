import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { build, transform } from 'esbuild';

const TARGET = 'node22';
const OUT = 'dist/extension';

/**
 * Bundles the extension into `dist/extension/`: a small entry point, chunks that load when first needed,
 * and the helper process of the locks.
 * esbuild splits ES modules only, so it splits those, and each file is then turned into CommonJS.
 */
export async function buildExtension(): Promise<void> {
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  await build({
    entryPoints: [
      { in: 'src/extension.ts', out: 'extension' },
      // A program of its own: see src/sessions/locks/helperProcess.ts.
      { in: 'src/sessions/locks/lockHelper.ts', out: 'lockHelper' },
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
    minify: true,
    logLevel: 'warning',
  });
  const names = (await readdir(OUT)).filter((name) => name.endsWith('.cjs'));
  await Promise.all(names.map((name) => toCommonJs(join(OUT, name))));
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
