import { join, sep } from 'node:path';

import * as vscode from 'vscode';

import { lazily } from '../common/lazily.ts';
import type { Closable } from '../common/onDemand.ts';
import type { Disposable } from '../common/disposable.ts';
import { errorCode } from '../common/log.ts';
import type { RoleActions } from '../ui/roles/registerRoles.ts';
import type { Roles, RolesParts } from './roles.ts';

/** What the user does with roles, loaded when it is first used. */
export class LazyRoles implements Closable {
  /** Role terminals of an extension host before this one. */
  readonly #left: readonly vscode.Terminal[];
  readonly #load: () => Promise<Roles>;
  readonly #listening: Disposable;
  #loaded: Promise<Roles> | undefined;

  constructor(parts: Omit<RolesParts, 'terminalFiles'>) {
    const terminalFiles = join(parts.storage, 'role-terminals');
    this.#left = vscode.window.terminals.filter((terminal) => isRoleTerminal(terminal, terminalFiles));
    const load = lazily(async () => {
      const { Roles: Loaded } = await import('./roles.ts');
      return new Loaded({ ...parts, terminalFiles });
    });
    this.#load = () => (this.#loaded = load());
    const { sessions, log } = parts;
    let known = sessions.sessions;
    // Not `onDidChange`: to that, one that has to be signed in to again is removed already.
    this.#listening = sessions.onDidUpdate(() => {
      const now = new Set(sessions.sessions.map(({ id }) => id));
      const gone = known.filter(({ id }) => !now.has(id));
      known = sessions.sessions;
      if (gone.length > 0) {
        // What was listed for them goes from the disk as well.
        this.#load().then(
          (roles) => roles.forget(gone),
          (error: unknown) =>
            log.warn({ operation: 'forget roles', outcome: 'failed', code: errorCode(error) }),
        );
      }
    });
  }

  /**
   * Tells the user of role terminals that have outlived the extension host that gave them their access: it was
   * restarted, or crashed, and VS Code keeps the terminals.
   */
  async tellOfLeftTerminals(): Promise<void> {
    if (this.#left.length > 0) {
      const { tellThatAccessEnded } = await import('./roles.ts');
      await tellThatAccessEnded(this.#left);
    }
  }

  async actions(): Promise<RoleActions> {
    return this.#load();
  }

  async close(): Promise<void> {
    this.#listening.dispose();
    // What could not be loaded has nothing to close.
    const roles = await this.#loaded?.catch(() => undefined);
    await roles?.close();
  }
}

/** By its environment, which VS Code keeps: nothing else has our files there. */
function isRoleTerminal({ creationOptions }: vscode.Terminal, files: string): boolean {
  const env = 'env' in creationOptions ? creationOptions.env : undefined;
  return env?.['AWS_CONFIG_FILE']?.startsWith(files + sep) === true;
}
