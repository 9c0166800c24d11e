import { readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';

import { transform } from 'esbuild';
import type { Metafile, TransformOptions } from 'esbuild';

const VSCODE_IMPORT = /\bimport\s*\*\s*as\s+([\w$]+)\s+from\s*"vscode";?/g;
const EXPORTS = /\bexport\s*\{([^{}]*)\};?\s*$/;

/**
 * Turns a file of a bundle, which esbuild has split and therefore written as an ES module, into CommonJS.
 *
 * esbuild's own conversion repeats helpers of half a kilobyte in each file, for modules of any origin: every file
 * copies its own exports, and whoever imports one dynamically copies them again. Files that esbuild has written itself
 * need neither, so their exports and their imports of each other are turned here, and esbuild does the rest.
 * @param runtime what the code is made for, in esbuild's terms
 */
export async function toCommonJs(
  path: string,
  { outputs }: Metafile,
  runtime: Pick<TransformOptions, 'target' | 'supported'>,
): Promise<void> {
  const code = requireChunks(requireVsCode(await readFile(path, 'utf8')), outputs);
  const converted = await transform(exportDirectly(code, outputs[path]?.exports ?? []), {
    ...runtime,
    format: 'cjs',
    supported: { ...runtime.supported, 'dynamic-import': false },
    minify: true,
    logOverride: { 'commonjs-variable-in-esm': 'silent' },
  });
  await writeFile(path, converted.code);
}

/**
 * Has VS Code's module itself under the names under which it is imported. esbuild would copy it for each of them, with a
 * getter for every member: for all modules of the extension that takes 3 MB and some milliseconds.
 */
function requireVsCode(code: string): string {
  const names = [...code.matchAll(VSCODE_IMPORT)].map(([, name]) => name);
  const [first, ...others] = names;
  const declared = [`${first}=require("vscode")`, ...others.map((name) => `${name}=${first}`)];
  return first === undefined ? code : `const ${declared.join()};${code.replaceAll(VSCODE_IMPORT, '')}`;
}

/** Loads other files of the bundle as they are, and not at all what has nothing in it but helpers that aren't used. */
function requireChunks(code: string, outputs: Metafile['outputs']): string {
  return Object.entries(outputs).reduce((changed, [path, { inputs }]) => {
    const file = JSON.stringify(`./${path.slice(path.lastIndexOf('/') + 1)}`);
    const hasOnlyHelpers = Object.keys(inputs).length === 0;
    const needed = hasOnlyHelpers ? changed.replaceAll(`import${file};`, '') : changed;
    return needed.replaceAll(`import(${file})`, `Promise.resolve().then(()=>require(${file}))`);
  }, code);
}

/**
 * Exports by getters, because a variable may be assigned later. All of this is done after the imports, which is right
 * because files of a bundle never import each other in a circle: each imports only those that more entry points need.
 * @param names what it exports; where there's more than one list of names, as for a default, that's left to esbuild
 */
function exportDirectly(code: string, names: readonly string[]): string {
  const [statement = '', list = ''] = EXPORTS.exec(code) ?? [];
  const exported = list.split(',').map((item) => item.trim().split(/\s+as\s+/));
  const getters = exported.map(([name = '', alias = name]) => ({ name, alias }));
  if (!isDeepStrictEqual(getters.map(({ alias }) => alias).toSorted(), names.toSorted())) {
    return code;
  }
  const members = getters.map(({ name, alias }) => `get ${alias}(){return ${name}}`);
  return `module.exports={${members.join()}};${code.slice(0, -statement.length)}`;
}
