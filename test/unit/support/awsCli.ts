import { execFile } from 'node:child_process';
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
