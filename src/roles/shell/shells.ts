import { credentialCommand, quoted } from '../terminal/credentialCommand.ts';
import type { CredentialProgram } from '../terminal/credentialCommand.ts';
import type { TerminalEnvironment } from '../terminal/environment.ts';

/** What is known of a shell: how it runs a command once its startup files have run, and how it sets variables. */
export interface Shell {
  /** Its arguments. @param platform on macOS a terminal's shell is a login shell */
  readonly run: (program: CredentialProgram, platform: NodeJS.Platform) => readonly string[];
  readonly unset: (name: string) => string;
  readonly set: (name: string, value: string) => string;
}

const POSIX: Shell = {
  run: (program, platform) => [
    ...(platform === 'darwin' ? ['-l'] : []),
    '-i',
    '-c',
    credentialCommand(program),
  ],
  unset: (name) => `unset ${name}`,
  set: (name, value) => `export ${name}=${quoted(value)}`,
};

const FISH: Shell = {
  run: POSIX.run,
  unset: (name) => `set -e ${name}`,
  set: (name, value) => `set -gx ${name} ${quoted(value)}`,
};

const POWERSHELL: Shell = {
  run: ({ executable, script }) => [
    '-NoLogo',
    '-Command',
    `& ${quoted(executable, "''")} ${quoted(script, "''")}`,
  ],
  unset: (name) => `Remove-Item Env:${name}`,
  set: (name, value) => `$Env:${name} = ${quoted(value, "''")}`,
};

const SHELLS: Readonly<Record<string, Shell>> = {
  bash: POSIX,
  zsh: POSIX,
  sh: POSIX,
  dash: POSIX,
  ksh: POSIX,
  fish: FISH,
  pwsh: POWERSHELL,
  powershell: POWERSHELL,
};

/** @param path of a shell @returns `undefined` for one that isn't known, such as the Command Prompt */
export function shellAt(path: string): Shell | undefined {
  const [name = ''] = path
    .split(/[\\/]/)
    .slice(-1)
    .map((file) => file.toLowerCase().replace(/\.exe$/, ''));
  return Object.hasOwn(SHELLS, name) ? SHELLS[name] : undefined;
}

/** The command line that sets these variables as the terminal was given them. */
export function correction(shell: Shell, given: TerminalEnvironment, names: readonly string[]): string {
  const commands = names.map((name) => {
    const value = given[name];
    return typeof value === 'string' ? shell.set(name, value) : shell.unset(name);
  });
  // Shells that are told so keep nothing in their history that begins with a blank.
  return ` ${commands.join('; ')}`;
}
