import type { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';

import type { Holder } from './holder.ts';

/** What this process can learn of where it runs. */
export interface HostSystem {
  /** As `process.platform`. */
  readonly platform: string;
  readonly pid: number;
  readonly hostname: string;
  /** When the machine started, roughly: milliseconds since the epoch. */
  readonly startedAt: number;
  /** @throws what the file system says */
  readonly readFile: (path: string) => Promise<string>;
  /** What a symbolic link says. @throws what the file system says */
  readonly readLink: (path: string) => Promise<string>;
  /** What a program writes. @throws when it cannot be run, or fails */
  readonly run: (file: string, args: readonly string[]) => Promise<string>;
}

/** Where the identities of a machine, of its start and of its process namespace are to be had: the first that answers. */
interface Sources {
  readonly machine: readonly Source[];
  readonly boot: readonly Source[];
  readonly processNamespace: readonly Source[];
}

type Source = (system: HostSystem) => Promise<string>;

/** Milliseconds for a program of the system to answer. */
const PROGRAM_MS = 2000;
/** Times of start that are computed differ by a little from one process to the next. Milliseconds. */
const START_ROUNDING_MS = 10 * 60_000;
const ID_BYTES = 8;

const LINUX: Sources = {
  // With the name, because containers of one image share the rest.
  machine: [withName(file('/etc/machine-id')), withName(file('/var/lib/dbus/machine-id'))],
  boot: [file('/proc/sys/kernel/random/boot_id')],
  processNamespace: [({ readLink }) => readLink('/proc/self/ns/pid')],
};

const MAC: Sources = {
  machine: [
    program('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice'], /"IOPlatformUUID" = "([^"]+)"/),
  ],
  boot: [program('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], /^(\S+)/)],
  processNamespace: [async () => 'one'],
};

const WINDOWS: Sources = {
  machine: [
    program(
      'reg.exe',
      ['query', String.raw`HKLM\SOFTWARE\Microsoft\Cryptography`, '/v', 'MachineGuid'],
      /MachineGuid\s+REG_SZ\s+(\S+)/,
    ),
  ],
  boot: [],
  processNamespace: [async () => 'one'],
};

const SOURCES: Readonly<Record<string, Sources>> = { linux: LINUX, darwin: MAC, win32: WINDOWS };
const NONE: Sources = { machine: [], boot: [], processNamespace: [] };

/**
 * Identifies this process among the machines and containers that may share a home folder. All but the pid is hashed,
 * so that no identity of a machine goes into a file. Never rejects: the host's name and the time of its start replace
 * what the system does not provide.
 */
export async function readHolder(system: HostSystem): Promise<Holder> {
  const { machine, boot, processNamespace } = SOURCES[system.platform] ?? NONE;
  const { hostname, startedAt, pid } = system;
  const roughStart = Math.round(startedAt / START_ROUNDING_MS);
  const [machineId, bootId, namespaceId] = await Promise.all([
    firstOf(machine, system, hostname),
    firstOf(boot, system, `${hostname} ${roughStart}`),
    firstOf(processNamespace, system, hostname),
  ]);
  return {
    machine: await hashed(`machine ${machineId}`),
    boot: await hashed(`boot ${bootId}`),
    processNamespace: await hashed(`process namespace ${namespaceId}`),
    pid,
  };
}

async function firstOf(sources: readonly Source[], system: HostSystem, fallback: string): Promise<string> {
  for (const source of sources) {
    const id = await source(system).catch(() => '');
    if (id.trim() !== '') {
      return id.trim();
    }
  }
  return fallback;
}

function file(path: string): Source {
  return (system) => system.readFile(path);
}

function withName(source: Source): Source {
  return async (system) => `${await source(system)}\n${system.hostname}`;
}

function program(path: string, args: readonly string[], pattern: RegExp): Source {
  return async ({ run }) => pattern.exec(await run(path, args))?.[1] ?? '';
}

/** By the global, because `node:crypto` is slow to load. */
async function hashed(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Buffer.from(digest, 0, ID_BYTES).toString('hex');
}

/** The real system. */
export async function hostSystem(platform: string, pid: number): Promise<HostSystem> {
  const { hostname, uptime } = await import('node:os');
  return {
    platform,
    pid,
    hostname: hostname(),
    startedAt: Date.now() - uptime() * 1000,
    readFile: (path) => readFile(path, 'utf8'),
    readLink: (path) => readlink(path),
    run: async (path, args) => {
      const { execFile } = await import('node:child_process');
      return runProgram(execFile, path, args);
    },
  };
}

function runProgram(run: typeof execFile, path: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    run(path, args, { timeout: PROGRAM_MS, windowsHide: true }, (error, output) =>
      error === null ? resolve(output) : reject(error),
    );
  });
}
