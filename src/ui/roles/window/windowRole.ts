import * as vscode from 'vscode';

import { DisposableStore } from '../../../common/disposable.ts';
import type { Disposable } from '../../../common/disposable.ts';
import { Emitter } from '../../../common/event.ts';
import { WordedError } from '../../../common/words.ts';
import type { RoleEnded } from '../../../roles/credentials/unavailable.ts';
import { roleKey } from '../../../roles/credentials/roleCredentials.ts';
import type { Unavailable } from '../../../roles/credentials/unavailable.ts';
import { withDebugEnvironment } from '../../../roles/terminal/debugEnvironment.ts';
import { windowRoleEnvironment } from '../../../roles/terminal/environment.ts';
import type { RoleAccess } from '../../../roles/terminal/roleAccess.ts';
import type { RoleFiles } from '../../../roles/terminal/roleFiles.ts';
import type { ShownRole } from '../chosenRole.ts';

export interface WindowRoleParts {
  readonly access: RoleAccess;
  readonly files: RoleFiles;
  /** What VS Code changes of the environment of every terminal and task of this window. */
  readonly variables: vscode.EnvironmentVariableCollection;
  /** What they inherit. */
  readonly inherited: () => Readonly<Record<string, string | undefined>>;
}

interface Use {
  readonly shown: ShownRole;
  readonly environment: Readonly<Record<string, string>>;
  /** Ends it. */
  readonly parts: Disposable;
}

/**
 * The role that the terminals, tasks and debuggees of this window are, if any. Each use has a grant of its own: what was
 * started with one role never goes on with another.
 */
export class WindowRole implements Disposable {
  readonly #parts: WindowRoleParts;
  /** Those under way: a role that is taken away meanwhile ends its start, as does another one that is chosen. */
  readonly #starts = new Map<AbortController, ShownRole>();
  #use: Use | undefined;
  readonly #onDidChange = new Emitter<void>();
  readonly onDidChange = this.#onDidChange.event;

  constructor(parts: WindowRoleParts) {
    this.#parts = parts;
  }

  get current(): ShownRole | undefined {
    return this.#use?.shown;
  }

  /** What VS Code sets in the terminals and tasks of this window. */
  get environment(): Readonly<Record<string, string>> {
    return this.#use?.environment ?? {};
  }

  /**
   * Uses the role in this window, in place of the one before.
   * @throws WordedError when AWS gives no credentials of it; the signal's reason; what the system says; CancellationError
   *   when another role was chosen meanwhile, or this was stopped
   */
  async start(shown: ShownRole, outer: AbortSignal): Promise<void> {
    const { access, files, variables, inherited } = this.#parts;
    this.#cancelStarts();
    const ended = new AbortController();
    this.#starts.set(ended, shown);
    try {
      const signal = AbortSignal.any([outer, ended.signal]);
      const paths = await files.write(signal, shown.region);
      const grant = await access.open(shown.role, signal);
      const { url, token } = grant;
      const environment = windowRoleEnvironment({ url, token, ...paths }, inherited());
      this.#end();
      const using = new DisposableStore();
      using.add(grant);
      using.add(variableChanges(variables, environment, shown));
      using.add(debugging(environment));
      this.#use = { shown, environment, parts: using };
      this.#onDidChange.fire();
    } finally {
      this.#starts.delete(ended);
    }
  }

  /** What runs with the role gets no credentials of it any more, and none of a role that isn't in use yet. */
  stop(): void {
    this.#cancelStarts();
    this.#end();
  }

  #cancelStarts(): void {
    for (const start of this.#starts.keys()) {
      start.abort(new vscode.CancellationError());
    }
  }

  #end(): void {
    const use = this.#use;
    this.#use = undefined;
    if (use !== undefined) {
      use.parts.dispose();
      this.#onDidChange.fire();
    }
  }

  /**
   * A role has been taken away, or its sign-in has ended. One that needs a new sign-in goes on after it.
   * @returns the role that was in use until now, if it was this one
   */
  end({ role, why }: RoleEnded): ShownRole | undefined {
    const isThis = ({ role: other }: ShownRole): boolean => roleKey(other) === roleKey(role);
    if (!isFinal(why)) {
      return undefined;
    }
    for (const [controller] of [...this.#starts].filter(([, shown]) => isThis(shown))) {
      controller.abort(new WordedError(why.words));
    }
    const { current } = this;
    if (current === undefined || !isThis(current)) {
      return undefined;
    }
    this.#end();
    return current;
  }

  dispose(): void {
    this.stop();
    this.#onDidChange.dispose();
  }
}

function isFinal({ reason }: Unavailable): boolean {
  return reason === 'signedOut' || reason === 'forbidden';
}

/** Has VS Code apply the variables to terminals and tasks. */
function variableChanges(
  collection: vscode.EnvironmentVariableCollection,
  environment: Readonly<Record<string, string>>,
  { role, accountName }: ShownRole,
): Disposable {
  collection.description = vscode.l10n.t({
    message: 'AWS SSO: this window uses the role {0} in the AWS account {1} ({2}).',
    args: [role.roleName, accountName, role.accountId],
    comment: ["{1} is the account's name, {2} its id"],
  });
  for (const [name, value] of Object.entries(environment)) {
    // A variable that a shell's startup files set as well is set once more after them.
    collection.replace(name, value, { applyAtProcessCreation: true, applyAtShellIntegration: true });
  }
  return { dispose: () => collection.clear() };
}

/** Adds the variables to what is debugged outside the integrated terminal. */
function debugging(environment: Readonly<Record<string, string>>): Disposable {
  return vscode.debug.registerDebugConfigurationProvider('*', {
    resolveDebugConfigurationWithSubstitutedVariables: (_folder, configuration) =>
      withDebugEnvironment(configuration, environment),
  });
}
