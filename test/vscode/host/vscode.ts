import { join } from 'node:path';
import { installOnce, npmInstall } from './npmInstall.ts';

/** A VS Code that runs without a desktop: the workbench is a page, the extension host a process of the server. */
export interface VsCode {
  /** For people, and for names of files: "1.139.1". */
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
    name: `code-server-${release.codeServer}${ownNode ? '' : `-node-${release.node}`}`,
    title: `VS Code ${release.version}`,
    dependencies: {
      'code-server': release.codeServer,
      ...(ownNode ? {} : { [nodePackage]: `^${release.node}.0.0` }),
    },
    // The one that code-server 4.105 asks for has to be downloaded by its install script.
    overrides: { argon2: '0.44.0' },
    // The published shrinkwrap of 1.105 takes the watcher from a git repository, over ssh.
    complete: (folder) =>
      npmInstall(join(folder, 'node_modules', 'code-server', 'lib', 'vscode'), ['@parcel/watcher@^2.5.6']),
  });
  return {
    version: release.version,
    folder: join(home, 'node_modules', 'code-server'),
    node: ownNode ? process.execPath : join(home, 'node_modules', nodePackage, 'bin', 'node'),
  };
}
