import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file system in user space that shows the folder `source` at `target`. */
interface FuseFileSystem {
  readonly name: string;
  /** Prepares `source`, once. */
  readonly prepare: (tools: Tools, source: string) => Promise<void>;
  /** A program, and its arguments, that serves `source` at `target` until it ends. */
  readonly serve: (tools: Tools, source: string, target: string) => readonly string[];
  readonly programs: readonly string[];
}

/** What it takes, in a folder of its own. */
interface Tools {
  /** Speaks SFTP on its standard input and output, where `ssh` would. */
  readonly sftp: string;
  readonly passwordFile: string;
}

const SFTP_SERVERS = [
  '/usr/lib/openssh/sftp-server',
  '/usr/libexec/openssh/sftp-server',
  '/usr/lib/ssh/sftp-server',
];

export const FILE_SYSTEMS: readonly FuseFileSystem[] = [
  {
    name: 'sshfs',
    programs: ['sshfs'],
    prepare: async () => undefined,
    serve: ({ sftp }, source, target) => [
      'sshfs',
      '-f',
      '-o',
      `ssh_command=${sftp}`,
      `home:${source}`,
      target,
    ],
  },
  {
    name: 'gocryptfs',
    programs: ['gocryptfs'],
    prepare: async ({ passwordFile }, source) => {
      await run('gocryptfs', ['-init', '-q', '-scryptn', '10', '-passfile', passwordFile, source]);
    },
    serve: ({ passwordFile }, source, target) => [
      'gocryptfs',
      '-fg',
      '-q',
      '-passfile',
      passwordFile,
      source,
      target,
    ],
  },
];

/** Why a file system cannot be mounted here, or `undefined` when it can. */
export async function whyNot({ name, programs }: FuseFileSystem): Promise<string | undefined> {
  const canRead = await access('/dev/fuse', constants.R_OK).then(
    () => true,
    () => false,
  );
  if (!canRead) {
    return '/dev/fuse is not there, or not for us';
  }
  for (const program of programs) {
    const isThere = await run('sh', ['-c', `command -v ${program}`]).then(
      () => true,
      () => false,
    );
    if (!isThere) {
      return `${program} is not installed`;
    }
  }
  return name === 'sshfs' && (await findSftpServer()) === undefined
    ? 'sftp-server is not installed'
    : undefined;
}

async function findSftpServer(): Promise<string | undefined> {
  for (const path of SFTP_SERVERS) {
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    ) {
      return path;
    }
  }
  return undefined;
}

/** One place where the folder is mounted. */
export interface Mount {
  readonly path: string;
  readonly server: ChildProcess;
}

/** One folder, mounted several times: as several machines see a home, or one machine that has it mounted twice. */
export class Mounts {
  readonly #fileSystem: FuseFileSystem;
  readonly #root: string;
  readonly #tools: Tools;
  readonly #mounted = new Map<string, Mount>();

  private constructor(fileSystem: FuseFileSystem, root: string, tools: Tools) {
    this.#fileSystem = fileSystem;
    this.#root = root;
    this.#tools = tools;
  }

  static async prepare(fileSystem: FuseFileSystem): Promise<Mounts> {
    const root = await mkdtemp(join(tmpdir(), `${fileSystem.name}-`));
    const tools = { sftp: join(root, 'sftp'), passwordFile: join(root, 'password') };
    await writeFile(tools.sftp, `#!/bin/sh\nexec ${(await findSftpServer()) ?? 'false'}\n`, { mode: 0o700 });
    await writeFile(tools.passwordFile, 'not a secret\n');
    await mkdir(join(root, 'source'));
    await fileSystem.prepare(tools, join(root, 'source'));
    return new Mounts(fileSystem, root, tools);
  }

  /** Mounts the folder under `name`, also where it was mounted before. */
  async mount(name: string): Promise<Mount> {
    const path = this.path(name);
    await mkdir(path, { recursive: true });
    const [program = '', ...args] = this.#fileSystem.serve(this.#tools, join(this.#root, 'source'), path);
    const server = spawn(program, args, { stdio: 'ignore' });
    while (!(await isMounted(path))) {
      if (server.exitCode !== null) {
        throw new Error(`${program} ended with ${server.exitCode}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const mount = { path, server };
    this.#mounted.set(name, mount);
    return mount;
  }

  path(name: string): string {
    return join(this.#root, name);
  }

  /** Ends whatever serves the mount, without a word to those who use it. */
  break(name: string): void {
    this.#mounted.get(name)?.server.kill('SIGKILL');
  }

  async unmount(name: string): Promise<void> {
    // Lazily: whatever still has a file of it open loses it.
    await run('umount', ['-l', this.path(name)]).catch(() =>
      run('fusermount3', ['-u', '-z', this.path(name)]),
    );
    this.break(name);
    this.#mounted.delete(name);
  }

  async close(): Promise<void> {
    for (const name of this.#mounted.keys()) {
      await this.unmount(name).catch(() => undefined);
    }
    await rm(this.#root, { recursive: true, force: true });
  }
}

async function isMounted(path: string): Promise<boolean> {
  const table = await readFile('/proc/self/mounts', 'utf8');
  return table.split('\n').some((line) => line.split(' ')[1] === path);
}
