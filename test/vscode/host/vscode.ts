import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { installOnce, npmInstall, runProgram } from './npmInstall.ts';

/** A VS Code that runs without a desktop: the workbench is a page, the extension host a process of the server. */
export interface VsCode {
  /** For messages, and for names of files: "1.139.1". */
  readonly version: string;
  /** The folder of the npm package code-server, whose `lib/vscode` is VS Code's own server. */
  readonly folder: string;
  /** The Node to run it with: the one that this VS Code's desktop edition has inside. */
  readonly node: string;
}

interface Release {
  readonly version: string;
  readonly codeServer: string;
  readonly node: '22' | '24';
}

/** The newest VS Code, and the oldest that `engines.vscode` in package.json allows. */
export const RELEASES = {
  newest: { version: '1.139.1', codeServer: '4.139.1', node: '24' },
  minimum: { version: '1.105.1', codeServer: '4.105.1', node: '22' },
} as const satisfies Record<string, Release>;

/** Provides a VS Code, installed below `.vscode-test` at the first call. */
export async function provideVsCode(release: Release): Promise<VsCode> {
  const ownNode = process.versions.node.startsWith(`${release.node}.`);
  const nodePackage = `${process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'}-${
    process.platform === 'win32' ? 'win' : process.platform
  }-${process.arch}`;
  const home = await installOnce({
    name: `code-server-${release.codeServer}${ownNode ? '' : `-node-${release.node}`}-compiled`,
    title: `VS Code ${release.version}`,
    dependencies: {
      'code-server': release.codeServer,
      ...(ownNode ? {} : { [nodePackage]: `^${release.node}.0.0` }),
    },
    // The one that code-server 4.105 asks for has to be downloaded by its install script.
    overrides: { argon2: '0.44.0' },
    complete: async (folder) => {
      const server = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
      // The published shrinkwrap of 1.105 takes the watcher from a git repository, over ssh.
      await npmInstall(server, ['@parcel/watcher@^2.5.6']);
      await compile(
        server,
        ownNode ? process.execPath : join(folder, 'node_modules', nodePackage, 'bin', 'node'),
      );
    },
  });
  return {
    version: release.version,
    folder: join(home, 'node_modules', 'code-server'),
    node: ownNode ? process.execPath : join(home, 'node_modules', nodePackage, 'bin', 'node'),
  };
}

/**
 * Compiles what writes VS Code's log files, and what runs its terminals where the package has it for no system
 * (1.105). Without a compiler the editor goes without them, and the tests of terminals are skipped.
 */
async function compile(server: string, node: string): Promise<void> {
  const nodeFolder = dirname(dirname(node));
  const env = {
    ...process.env,
    PATH: [dirname(node), process.env['PATH']].join(delimiter),
    ...(existsSync(join(nodeFolder, 'include', 'node')) ? { npm_config_nodedir: nodeFolder } : {}),
  };
  for (const [module, consequence] of [
    ['@vscode/spdlog', 'write no log files'],
    ['node-pty', 'perhaps have no terminals'],
  ] as const) {
    try {
      await runProgram('npm', ['rebuild', '--prefix', server, module], { cwd: server, env });
    } catch {
      console.log(`VS Code will ${consequence} here: it needs a C++ compiler and Python at installation.`);
    }
  }
}
