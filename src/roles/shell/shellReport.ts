import * as v from 'valibot';

import { selectsForOneTool } from '../terminal/environment.ts';
import type { TerminalEnvironment } from '../terminal/environment.ts';
import { SHELL_REPORT, SHOWN_VARIABLES } from './reportedVariables.ts';

const SHOWN: ReadonlySet<string> = new Set(SHOWN_VARIABLES);

const report = v.object({ names: v.array(v.string()), values: v.record(v.string(), v.string()) });

/** Which of AWS's variables a shell has: the names of all, and the values of `SHOWN_VARIABLES`. */
export type ShellReport = Readonly<v.InferOutput<typeof report>>;

/** @param output of the shell @returns `undefined` where there is no report in it */
export function parseShellReport(output: string): ShellReport | undefined {
  const [, text = ''] = output.split(SHELL_REPORT);
  try {
    const parsed = v.safeParse(report, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The names of the variables that the shell's startup files have set to something else than the terminal was given, or
 * to something that a single tool takes credentials from.
 */
export function overriddenVariables(
  given: TerminalEnvironment,
  inherited: Readonly<Record<string, string | undefined>>,
  { names, values }: ShellReport,
): readonly string[] {
  const changed = Object.entries(given)
    .filter(([name, value]) =>
      value === null ? names.includes(name) : SHOWN.has(name) && values[name] !== value,
    )
    .map(([name]) => name);
  const added = names.filter(
    (name) => selectsForOneTool(name) && given[name] === undefined && inherited[name] === undefined,
  );
  return [...changed, ...added];
}
