import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getL10nJson } from '@vscode/l10n-dev';
import { format, resolveConfig } from 'prettier';
import { root } from './process.ts';

/** The bundle of all phrases in English, which translators translate. */
export const BUNDLE = join(root, 'l10n/bundle.l10n.json');

/** Whence the rooms that don't know VS Code have `l10n`. The tool knows two modules only. */
const OWN_MODULE = /(?<=^import \{[^}]*\bl10n\b[^}]*\} from )'[./\w]+\/words\.ts'/gm;

const FILES_A_PART = 20;

/** The source files with phrases, as the tool can read them. */
export function sourceFiles(): readonly string[] {
  return globSync('src/**/*.ts', { cwd: root })
    .toSorted()
    .map((file) => readFileSync(join(root, file), 'utf8').replace(OWN_MODULE, "'@vscode/l10n'"))
    .filter((contents) => contents.includes('l10n'));
}

/** The text of the bundle, as the source says it now. */
export async function bundleText(): Promise<string> {
  const phrases = await getL10nJson(
    inParts(sourceFiles()).map((contents) => ({ contents, extension: '.ts' })),
  );
  const sorted = Object.entries(phrases).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const options = await resolveConfig(BUNDLE);
  return format(JSON.stringify(Object.fromEntries(sorted)), { ...options, filepath: BUNDLE });
}

/** Several files in one: the tool takes long for each file that it's given, however short. */
function inParts(files: readonly string[]): readonly string[] {
  const starts = Array.from(
    { length: Math.ceil(files.length / FILES_A_PART) },
    (_, part) => part * FILES_A_PART,
  );
  return starts.map((start) => files.slice(start, start + FILES_A_PART).join('\n'));
}
