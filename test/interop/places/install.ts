import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { installOnce, npmInstall, runProgram } from '../../vscode/host/npmInstall.ts';
import type { Installation } from '../../vscode/host/npmInstall.ts';
import { PLACE_TITLES, placeFolder, PLACES_FOLDER, SharedFolder } from './places.ts';
import type { Place, Release } from './places.ts';
import { packageVersion } from './versions.ts';

/** A program that is wanted in a place. */
export interface PlacedProgram {
  readonly place: Place;
  /** The package of that place that it comes in. */
  readonly package: string;
  /** What that does not bring along itself. */
  readonly companions?: readonly string[];
}

const RELEASES: readonly Release[] = ['bookworm', 'sid'];
/** What the packages of the tools do not bring along themselves. */
const HELPERS = ['golang-go', 'ruby', 'ca-certificates', 'tzdata'];

/** Installs the programs where that may be done, each once; says what cannot be installed, and why. */
export async function installPrograms(programs: readonly PlacedProgram[]): Promise<void> {
  const packagesOf = (place: Place): readonly string[] => {
    const packages = programs.flatMap((program) =>
      program.place === place ? [program.package, ...(program.companions ?? [])] : [],
    );
    return [...new Set(packages)];
  };
  await sayWhy('npm', installNpm(packagesOf('npm')));
  for (const release of RELEASES) {
    await sayWhy(release, installDebian(release, [...packagesOf(release), ...HELPERS]));
  }
}

async function sayWhy(place: Place, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.log(`Some tools from ${PLACE_TITLES[place]} are not installed, and skipped. ${reason}`);
  }
}

/** Those of the packages that the place does not have yet. */
async function missingIn(place: Place, packages: readonly string[]): Promise<readonly string[]> {
  await using folder = await SharedFolder.make(place);
  const missing: string[] = [];
  for (const name of packages) {
    if ((await packageVersion({ place, package: name }, folder)) === undefined) {
      missing.push(name);
    }
  }
  return missing;
}

/** The newest versions there are, and the AWS CLI 1 out of the archive that its package holds. */
async function installNpm(packages: readonly string[]): Promise<void> {
  const installation: Installation = {
    name: 'npm',
    title: "AWS's tools from npm",
    dependencies: Object.fromEntries(packages.map((name) => [name, 'latest'])),
    complete: async (folder) => {
      const archive = join(folder, 'node_modules', '@aws-cdk', 'asset-awscli-v1', 'lib', 'layer.zip');
      const target = join(folder, 'aws-cli-1');
      // Without Python there is nothing that could run it.
      await runProgram('python3', ['-m', 'zipfile', '-e', archive, target], { cwd: folder }).catch(
        () => undefined,
      );
    },
  };
  const folder = await installOnce(installation, PLACES_FOLDER);
  const missing = await missingIn('npm', packages);
  if (missing.length > 0) {
    sayInstalling('npm', missing);
    await npmInstall(
      folder,
      missing.map((name) => `${name}@latest`),
    );
  }
}

/**
 * A release of Debian in a folder of its own, with the packages: the machine's own programs stay as they are.
 * @throws Error that says why this may not be done here, or what failed
 */
async function installDebian(release: Release, packages: readonly string[]): Promise<void> {
  const folder = placeFolder(release);
  const isThere = existsSync(folder);
  const missing = isThere ? await missingIn(release, packages) : packages;
  if (missing.length === 0) {
    return;
  }
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error('That takes root on Debian or its kin.');
  }
  sayInstalling(release, missing);
  if (isThere) {
    // What it knew of the archive when it was made may be of the past.
    await installInto(folder, missing).catch(async () => {
      await run('chroot', [folder, 'apt-get', 'update', '--quiet']);
      await installInto(folder, missing);
    });
    return;
  }
  await mkdir(PLACES_FOLDER, { recursive: true });
  if (!existsSync('/usr/sbin/debootstrap')) {
    await run('apt-get', ['install', '--yes', '--no-install-recommends', 'debootstrap']);
  }
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await run('debootstrap', ['--variant=minbase', release, partial]);
  await writeFile(join(partial, 'etc', 'dpkg', 'dpkg.cfg.d', 'unsafe-io'), 'force-unsafe-io\n');
  await installInto(partial, packages);
  await rename(partial, folder);
}

function sayInstalling(place: Place, packages: readonly string[]): void {
  const from = `${packages.join(', ')} from ${PLACE_TITLES[place]}`;
  console.log(`Installing ${from} (once, into ${PLACES_FOLDER}; it can take some minutes)…`);
}

async function installInto(folder: string, packages: readonly string[]): Promise<void> {
  await run('chroot', [folder, 'apt-get', 'install', '--yes', '--no-install-recommends', ...packages]);
  await run('chroot', [folder, 'apt-get', 'clean']);
}

function run(command: string, args: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  return runProgram(command, args, { cwd: '/', env });
}
