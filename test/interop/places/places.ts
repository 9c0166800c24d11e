import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A release of Debian, by the name its archive has for it. */
export type Release = 'bookworm' | 'sid';

/** A place that programs are installed in. */
export type Place = 'npm' | Release;

/** For the user. */
export const PLACE_TITLES: Readonly<Record<Place, string>> = {
  npm: 'npm',
  bookworm: 'Debian 12',
  sid: 'Debian unstable',
};

/** Where the places are: outside this repository, whose own tools would walk through them. */
export const PLACES_FOLDER = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'aws-sso-auth-interop',
);

/** The folder of a place. Who wants newer programs removes it. */
export function placeFolder(place: Place): string {
  return join(PLACES_FOLDER, place);
}

/** What became of a program. */
export interface Finished {
  /** 0 for success. */
  readonly exitCode: number;
  readonly output: string;
}

/** Longer than any of these takes, on a slow machine; milliseconds. */
const RUN_MS = 120_000;

/**
 * Starts a program within the root that follows, with devices, processes and folders of its own view, which goes with it.
 * The folders come after the root, and end with `--`.
 */
const IN_PLACE = [
  'unshare',
  '--mount',
  'sh',
  '-c',
  `mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" || exit
   while [ "$1" != -- ]; do mkdir -p "$0$1" && mount --bind "$1" "$0$1" || exit; shift; done
   shift; exec chroot "$0" "$@"`,
];

/** A temporary folder that a place's programs reach by the same path as this process. */
export class SharedFolder implements AsyncDisposable {
  readonly #root: string;
  readonly path: string;

  private constructor(root: string, path: string) {
    this.#root = root;
    this.path = path;
  }

  /** @throws what the file system says where the place is not there */
  static async make(place: Place): Promise<SharedFolder> {
    const root = place === 'npm' ? '' : placeFolder(place);
    if (root !== '') {
      await leadToItself(root);
    }
    return new SharedFolder(root, await mkdtemp(join(root, root === '' ? tmpdir() : 'tmp', 'interop-')));
  }

  /** What starts a program of the place, to which these folders of the machine have the same paths as outside. */
  commandLine(command: readonly string[], folders: readonly string[] = []): readonly string[] {
    return this.#root === '' ? command : [...IN_PLACE, this.#root, ...folders, '--', ...command];
  }

  /** Runs a program of the place, with this environment and no more, and waits for its end, `timeoutMs` at most. */
  async run(
    command: readonly string[],
    environment: Readonly<Record<string, string>>,
    timeoutMs = RUN_MS,
  ): Promise<Finished> {
    const [program = '', ...args] = this.commandLine(command);
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LANG: 'C.UTF-8', ...environment };
    return new Promise((done) => {
      const child = execFile(program, args, { env, timeout: timeoutMs }, (error, output, errors) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        done({ exitCode, output: output + errors });
      });
      child.stdin?.end();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Has the path of a place's root lead there for its own programs too, to which that root is all there is. */
async function leadToItself(root: string): Promise<void> {
  const link = join(root, root);
  await mkdir(dirname(link), { recursive: true });
  await symlink('/', link).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') {
      throw error;
    }
  });
}
