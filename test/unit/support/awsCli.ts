import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

/** The AWS CLI that is installed. */
export interface AwsCliVersion {
  readonly major: number;
  readonly minor: number;
}

/** The first versions that can be sent to other endpoints than AWS's, by `AWS_ENDPOINT_URL`. */
const FIRST_MINOR: Readonly<Record<number, number>> = { 1: 29, 2: 13 };

/** @returns `undefined` where there is none, or only one that would call AWS itself */
export async function findAwsCli(): Promise<AwsCliVersion | undefined> {
  const { stdout } = await promisify(execFile)('aws', ['--version']).catch(() => ({ stdout: '' }));
  const [, major, minor] = /^aws-cli\/(\d+)\.(\d+)/.exec(stdout) ?? [];
  const version = { major: Number(major), minor: Number(minor) };
  return version.minor >= (FIRST_MINOR[version.major] ?? Infinity) ? version : undefined;
}

/** Where `aws_cli.py` lies, which runs the AWS CLI's own code. */
const MODULES_SCRIPT = join(import.meta.dirname, 'aws_cli.py');

/**
 * A Python that has the modules of an AWS CLI 2, be it a version that knows no other endpoints than AWS's.
 * @returns `undefined` where there is none
 */
export async function findAwsCliModules(): Promise<string | undefined> {
  for (const python of ['python3', '/usr/bin/python3']) {
    const args = [MODULES_SCRIPT, 'version', 'http://127.0.0.1', 'us-east-1', '', ''];
    const { stdout } = await promisify(execFile)(python, args).catch(() => ({ stdout: '' }));
    if (stdout.startsWith('2.')) {
      return python;
    }
  }
  return undefined;
}

/** Runs `aws_cli.py`; a line that it prints goes to `onLine` at once. @returns what it printed */
export async function runAwsCliModules(
  python: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  onLine: (line: string) => void = () => undefined,
): Promise<string> {
  const script = spawn(python, [MODULES_SCRIPT, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(script, 'exit');
  const errors = text(script.stderr);
  const lines: string[] = [];
  for await (const line of createInterface({ input: script.stdout })) {
    lines.push(line);
    onLine(line);
  }
  const [code] = (await ended) as [number | null];
  if (code !== 0) {
    throw new Error(await errors);
  }
  return lines.join('\n');
}
