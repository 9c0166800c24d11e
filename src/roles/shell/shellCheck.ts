import { deadline } from '../../common/clock.ts';
import type { Clock } from '../../common/clock.ts';
import type { programOutput } from '../../common/programs/programOutput.ts';
import type { CredentialProgram } from '../terminal/credentialCommand.ts';
import type { TerminalEnvironment } from '../terminal/environment.ts';
import { overriddenVariables, parseShellReport } from './shellReport.ts';
import { correction, shellAt } from './shells.ts';

/** Startup files may ask the network. */
const MAX_MS = 10_000;

export interface ShellCheckParts {
  /** Where the shell of the user's terminals is. */
  readonly shell: () => string;
  /** `shellVariables.ts`, bundled. */
  readonly program: CredentialProgram;
  readonly platform: NodeJS.Platform;
  /** What a terminal inherits. */
  readonly inherited: () => Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly clock: Clock;
  readonly output: typeof programOutput;
}

/** What the startup files have changed, and the command line that changes it back. */
export interface Overridden {
  readonly names: readonly string[];
  readonly correction: string;
}

/**
 * Finds out what the startup files of the user's shell do to a terminal's variables: they run after VS Code has set
 * them, and win. For that they are run once more, in a shell without a terminal, as VS Code does at its own start.
 */
export class ShellCheck {
  readonly #parts: ShellCheckParts;

  constructor(parts: ShellCheckParts) {
    this.#parts = parts;
  }

  /**
   * What is something else there than the terminal was given. `undefined` where nothing is, and where it can't be found
   * out: in a shell that isn't known, or whose startup files take longer than 10 seconds.
   */
  async overridden(given: TerminalEnvironment, signal: AbortSignal): Promise<Overridden | undefined> {
    const { shell: path, program, platform, clock, home, output } = this.#parts;
    const inherited = this.#parts.inherited();
    const file = path();
    const shell = shellAt(file);
    if (shell === undefined) {
      return undefined;
    }
    const limit = deadline(clock, MAX_MS, () => new Error('The startup files take too long.'), signal);
    try {
      const start = {
        file,
        args: shell.run(program, platform),
        env: environment(given, inherited),
        cwd: home,
      };
      const report = parseShellReport(await output(start, limit.signal));
      const names = report === undefined ? [] : overriddenVariables(given, inherited, report);
      return names.length === 0 ? undefined : { names, correction: correction(shell, given, names) };
    } finally {
      limit.dispose();
    }
  }
}

function environment(
  given: TerminalEnvironment,
  inherited: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const entries = Object.entries({
    ...inherited,
    ...given,
    ELECTRON_RUN_AS_NODE: '1',
    // As VS Code tells startup files that nobody sees what they write.
    VSCODE_RESOLVING_ENVIRONMENT: '1',
  });
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
