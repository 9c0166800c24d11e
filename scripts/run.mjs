// Runs a TypeScript program of this repository, or a command that a dependency brings, with everything it needs:
// `node scripts/run.mjs scripts/tasks/start.ts`, `node scripts/run.mjs mocha test/unit/common/*.test.ts`.
// This file alone must work on a bare Node 20 with nothing installed. It installs the dependencies when they differ
// from package-lock.json, finds a Node that runs TypeScript, and starts the program with that Node.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const TYPESCRIPT_NODE = 24;

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');

class Missing extends Error {}

function nodeMajor(version) {
  return Number(version.split('.', 1)[0]);
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The file of a program: a path to a TypeScript file, or the name of a command that a dependency brings. */
function findProgram(name = '') {
  if (name.endsWith('.ts')) return resolve(root, name);
  for (const dependency of Object.keys(readJson(join(root, 'package.json')).devDependencies)) {
    const { bin } = readJson(join(modules, dependency, 'package.json'));
    const file = typeof bin === 'object' ? bin[name] : basename(dependency) === name ? bin : undefined;
    if (file !== undefined) return join(modules, dependency, file);
  }
  throw new Missing(`"${name}" is neither a TypeScript file nor a command of a dependency.`);
}

function readPackages(file) {
  return readJson(file).packages;
}

/**
 * Whether node_modules holds what package-lock.json says. npm writes node_modules/.package-lock.json when an
 * install is complete, so an interrupted one is noticed too. Optional packages are for other platforms.
 */
function isInstalled() {
  const installedFile = join(modules, '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const installed = readPackages(installedFile);
  return Object.entries(readPackages(join(root, 'package-lock.json'))).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    return found ? found.version === wanted.version : wanted.optional || wanted.devOptional;
  });
}

/** The Node that runs them: this one when it is new enough, else the one among the dependencies. */
function findNode() {
  if (nodeMajor(process.versions.node) >= TYPESCRIPT_NODE) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  return ['node', 'node-bin']
    .map((name) => join(modules, `${name}-${platform}-${process.arch}`, 'bin', file))
    .find((candidate) => existsSync(candidate));
}

/** Starts a program in the foreground and passes signals on to it. @returns {Promise<number>} its exit code */
function run(command, args, env) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env, shell: command === 'npm.cmd' });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const forward = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, forward);
    child.once('error', failed);
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      done(code ?? 128 + constants.signals[signal]);
    });
  });
}

const NPM_HELP = `Its messages are above. If they name a host that was not found, refused or timed out, this machine
cannot reach an npm registry: connect it, or set the one it can reach with "npm config set registry URL".
If they say that package.json and package-lock.json differ, run "npm install" and try again.`;

async function install() {
  console.log('Installing the dependencies named in package-lock.json (a minute or two the first time)…');
  const started = Date.now();
  const progress = setInterval(() => {
    console.log(`  still installing, ${Math.round((Date.now() - started) / 1000)} s`);
  }, 15_000);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // None of them needs its install scripts, and one that wants to compile or download must not stop the rest.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = await run(npm, args, process.env).finally(() => clearInterval(progress));
  if (code !== 0)
    throw new Missing(`npm could not install the dependencies (exit code ${code}).\n${NPM_HELP}`);
  console.log(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

async function main([name, ...args]) {
  if (nodeMajor(process.versions.node) < OLDEST_NODE) {
    throw new Missing(
      `This is Node ${process.versions.node}; version ${OLDEST_NODE} or newer is needed (https://nodejs.org).`,
    );
  }
  if (!isInstalled()) await install();
  const program = findProgram(name);
  const node = findNode();
  if (node === undefined) {
    throw new Missing(
      `The programs here need Node ${TYPESCRIPT_NODE}. This is ${process.versions.node}, and no package brings a newer one for ` +
        `${process.platform}-${process.arch}. Install Node ${TYPESCRIPT_NODE} or newer from https://nodejs.org.`,
    );
  }
  const path = [dirname(node), join(modules, '.bin'), process.env.PATH].join(delimiter);
  return run(node, ['--disable-warning=ExperimentalWarning', program, ...args], {
    ...process.env,
    PATH: path,
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Missing ? error.message : error);
  process.exitCode = 1;
}
