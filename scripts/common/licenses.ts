import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Metafile } from 'esbuild';

/** A package of which some code is in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As its manifest says, an SPDX expression. */
  readonly license: string;
  /** The texts of its license and its notices, which have to go along with its code. */
  readonly texts: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

const LICENSE_FILE = /^(licen[cs]e|notice|copying)([.-].*)?$/i;

/**
 * The packages that are in a bundle, by name and version.
 * @throws Error for one without a license, or without its text: what may not be passed on must not be
 */
export async function bundledPackages({ outputs }: Metafile): Promise<readonly BundledPackage[]> {
  const inputs = Object.values(outputs).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = new Set(inputs.flatMap((path) => packageFolder(path) ?? []));
  const packages = await Promise.all([...folders].map(readPackage));
  return packages
    .map((bundled) => withText(bundled, packages))
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** One text with all their licenses, each different one once. */
export function licenseNotices(packages: readonly BundledPackage[]): string {
  const groups = Map.groupBy(packages, ({ texts }) => texts.join('\n\n'));
  const notices = [...groups].map(([text, group]) => {
    const titles = group.map((bundled) => `${nameOf(bundled)} (${bundled.license})`);
    return [...titles, '='.repeat(70), '', text].join('\n');
  });
  return ['This extension contains code of the following packages.', ...notices].join('\n\n\n') + '\n';
}

/** The package's own folder, which may lie in that of another one. */
function packageFolder(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

async function readPackage(folder: string): Promise<BundledPackage> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license } = manifest;
  const files = (await readdir(folder)).filter((file) => LICENSE_FILE.test(file)).toSorted();
  const texts = await Promise.all(files.map(async (file) => readFile(join(folder, file), 'utf8')));
  if (license === undefined) {
    throw new Error(`${folder} is bundled, and has no license.`);
  }
  return { name, version, license, texts: texts.map((text) => text.trim()) };
}

/** Some of AWS's packages come without the text: it is that of the others of the same publisher and license. */
function withText(bundled: BundledPackage, all: readonly BundledPackage[]): BundledPackage {
  if (bundled.texts.length > 0) {
    return bundled;
  }
  const scope = /^@[^/]+\//.exec(bundled.name)?.[0];
  const sister = all.find(
    ({ name, license, texts }) =>
      scope !== undefined && name.startsWith(scope) && license === bundled.license && texts.length > 0,
  );
  if (sister === undefined) {
    throw new Error(`${bundled.name} is bundled, and the text of its license is nowhere to be found.`);
  }
  return { ...bundled, texts: sister.texts };
}

function nameOf({ name, version }: BundledPackage): string {
  return `${name} ${version}`;
}
