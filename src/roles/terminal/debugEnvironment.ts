/** A debug configuration, as far as it is looked at: each debugger has members of its own. */
export interface DebugConfiguration {
  readonly type: string;
  readonly request: string;
  readonly [member: string]: unknown;
}

/** The debuggers that start a program without a terminal unless the configuration says otherwise. */
const WITHOUT_TERMINAL: ReadonlySet<string> = new Set(['node', 'pwa-node', 'go', 'coreclr']);
/** The values of `console` that mean the same to the debuggers for Node.js, Python, Java and .NET. */
const CONSOLES_WITHOUT_TERMINAL: ReadonlySet<unknown> = new Set(['internalConsole', 'externalTerminal']);

/**
 * The configuration with the variables added to its `env`, where the program would not get them otherwise. The
 * integrated terminal has them already, and a program started there is started by a command line that VS Code keeps in
 * the history of all terminals. What the configuration sets itself stays.
 */
export function withDebugEnvironment<T extends DebugConfiguration>(
  configuration: T,
  variables: Readonly<Record<string, string>>,
): T {
  const { type, request, console: where, env = {} } = configuration;
  const hasTerminal =
    where === undefined ? !WITHOUT_TERMINAL.has(type) : !CONSOLES_WITHOUT_TERMINAL.has(where);
  if (request !== 'launch' || hasTerminal || typeof env !== 'object' || env === null || Array.isArray(env)) {
    return configuration;
  }
  return { ...configuration, env: { ...variables, ...env } };
}
