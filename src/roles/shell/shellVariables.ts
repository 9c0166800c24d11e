/**
 * A program of its own, started by the user's shell once its startup files have run: tells which of AWS's variables are
 * set there. Of those that may be secret it tells the name alone.
 */
import { REPORTED_NAMES, SHELL_REPORT, SHOWN_VARIABLES } from './reportedVariables.ts';

const { env } = process;
const names = Object.keys(env).filter((name) => REPORTED_NAMES.test(name) && env[name] !== '');
const shown = SHOWN_VARIABLES.filter((name) => env[name] !== undefined).map((name) => [name, env[name]]);
// What the startup files write stands before and after it.
process.stdout.write(
  `\n${SHELL_REPORT}${JSON.stringify({ names, values: Object.fromEntries(shown) })}${SHELL_REPORT}\n`,
);
