/** What the role terminal's default profile runs. */
export interface CredentialProgram {
  /** The editor's own executable, which runs as Node with `ELECTRON_RUN_AS_NODE`. */
  readonly executable: string;
  /** `credentialProcess.ts`, bundled. */
  readonly script: string;
}

/**
 * The command line of `credential_process`. The AWS CLI splits it as a shell would and starts it without one; other SDKs
 * give it to `sh`. What the user has preloaded into Node is left out.
 */
export function credentialCommand({ executable, script }: CredentialProgram): string {
  return ['env', '-u', 'NODE_OPTIONS', 'ELECTRON_RUN_AS_NODE=1', quoted(executable), quoted(script)].join(
    ' ',
  );
}

/** On Windows a script starts it, because nothing there sets a variable for one command: its content. */
export function credentialCommandFile({ executable, script }: CredentialProgram): string {
  return `@set ELECTRON_RUN_AS_NODE=1\r\n@set NODE_OPTIONS=\r\n@"${executable}" "${script}"\r\n`;
}

/** One word of a command line. @param quote what stands for a single quote in it: as POSIX shells have it, if nothing else is said */
export function quoted(text: string, quote = String.raw`'\''`): string {
  return `'${text.replaceAll("'", quote)}'`;
}
