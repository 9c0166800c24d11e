import { cp } from 'node:fs/promises';
import { join } from 'node:path';

import type { SharedFolder } from './places.ts';

/** The first build compiles the SDK. */
const BUILD_MS = 15 * 60_000;
const GO_ENVIRONMENT = {
  GO111MODULE: 'off',
  GOPATH: '/usr/share/gocode',
  GOCACHE: '/var/cache/go-build',
  // It would look for it beside its own program, whose path nothing tells here.
  GOROOT: '/usr/lib/go',
  GOTELEMETRY: 'off',
};

/**
 * Builds a program from `source`, a folder, as `name` in the shared one.
 * @throws Error with what the compiler says
 */
export async function buildGo(source: string, folder: SharedFolder, name: string): Promise<void> {
  const copy = join(folder.path, `${name}.source`);
  await cp(source, copy, { recursive: true });
  const build = ['go', 'build', '-o', join(folder.path, name), join(copy, 'main.go')];
  const { exitCode, output } = await folder.run(build, { ...GO_ENVIRONMENT, HOME: folder.path }, BUILD_MS);
  if (exitCode !== 0) {
    throw new Error(output);
  }
}
