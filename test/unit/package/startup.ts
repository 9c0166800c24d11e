import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Startup } from './startupProcess.ts';

/**
 * Starts the bundled extension in a process of its own, for a user who never signed in.
 * @param bundle the folder into which it was bundled
 * @param failures how many starts fail before
 * @throws Error when it does not start; what it wrote is on the standard error
 */
export async function startBundle(bundle: string, failures = 0): Promise<Startup> {
  const folder = await mkdtemp(join(tmpdir(), 'startup-'));
  const program = new URL('./startupProcess.ts', import.meta.url);
  const child = fork(program, [bundle, folder, String(failures)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  try {
    const reported = once(child, 'message') as Promise<[Startup]>;
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('The extension did not start.')));
    const [startup] = await Promise.race([reported, ended]);
    return startup;
  } finally {
    child.kill();
    await rm(folder, { recursive: true, force: true });
  }
}
