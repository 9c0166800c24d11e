import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Git-ignored; `@vscode/test-electron` keeps its downloads here too. */
export const downloads = resolve(import.meta.dirname, '..', '..', '..', '.vscode-test');

/** What to install, and how to complete it. */
export interface Installation {
  /** Names the folder: whatever changes the content changes the name. */
  readonly name: string;
  /** For messages: "VS Code 1.139.1". */
  readonly title: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
  /** Completes what npm installed in `folder`, which is later moved to `home`. */
  readonly complete: (folder: string, home: string) => Promise<void>;
}

/**
 * Installs npm packages into a folder of their own below `parent`, once. The folder is there in full or not at all: it gets its
 * name when it is complete, so that an interrupted installation is done again.
 * @returns the folder
 */
export async function installOnce(installation: Installation, parent = downloads): Promise<string> {
  const home = join(parent, installation.name);
  if (existsSync(home)) return home;
  console.log(`Installing ${installation.title} (once, into ${parent}; it can take some minutes)…`);
  const started = performance.now();
  const partial = `${home}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const { dependencies, overrides } = installation;
  await writeFile(join(partial, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }));
  await npmInstall(partial);
  await installation.complete(partial, home);
  await rename(partial, home);
  console.log(`Installed ${installation.title} in ${Math.round((performance.now() - started) / 1000)} s.`);
  return home;
}

/**
 * Runs `npm install` in a folder, without install scripts: what they would compile or download is not needed.
 * @throws Error with npm's own words
 */
export async function npmInstall(folder: string, packages: readonly string[] = []): Promise<void> {
  const flags = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--no-package-lock'];
  const args = ['install', '--prefix', folder, '--loglevel=error', ...flags, ...packages];
  await runProgram('npm', args, { cwd: folder });
}

/**
 * Runs a program to its end.
 * @throws Error with everything the program wrote, when it fails
 */
export function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command === 'npm',
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', failed);
    child.once('close', (code) => {
      if (code === 0) return done();
      const output = Buffer.concat(chunks).toString();
      failed(new Error(`"${[command, ...args].join(' ')}" failed with exit code ${code}:\n${output}`));
    });
  });
}
