import { globSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..', '..');

/** Bundles the suite for the extension host, which loads CommonJS. Returns the file whose `run` runs it. */
export async function bundleSuite(): Promise<string> {
  const outdir = join(root, 'dist', 'test-suite');
  await build({
    absWorkingDir: root,
    entryPoints: ['test/vscode/suite/index.ts', ...globSync('test/vscode/suite/*.test.ts', { cwd: root })],
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return join(outdir, 'index.cjs');
}
