import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SCOPES } from '../unit/flows/support.ts';
import type { SignInProgram } from './signIn.ts';

/** The first with the authorization code flow, and an option for the device flow. */
const FIRST_WITH_OPTION = 22;

/**
 * The AWS CLI 2, as a program that signs in with a device code.
 * @param folder for its users' homes
 * @returns `undefined` where there is none, or only version 1, which cannot sign in
 */
export async function findAwsCli(
  folder: string,
): Promise<(SignInProgram & { readonly version: string }) | undefined> {
  const answer = await promisify(execFile)('aws', ['--version']).catch(() => ({ stdout: '' }));
  const [, version, minor] = /^aws-cli\/(2\.(\d+)\.\d+)/.exec(answer.stdout) ?? [];
  if (version === undefined) return undefined;
  const flow = Number(minor) >= FIRST_WITH_OPTION ? ['--use-device-code'] : [];
  return {
    version: `AWS CLI ${version}`,
    newUser: async () => {
      const home = await mkdtemp(join(folder, 'cli-'));
      return async ({ connection, url }, onCode) => {
        await mkdir(join(home, '.aws'), { recursive: true });
        const { startUrl, region } = connection;
        await writeFile(
          join(home, '.aws', 'config'),
          `[sso-session bench]\nsso_start_url = ${startUrl}\nsso_region = ${region}\n` +
            `sso_registration_scopes = ${SCOPES.join()}\n`,
        );
        const cli = spawn('aws', ['sso', 'login', '--sso-session', 'bench', '--no-browser', ...flow], {
          env: { ...process.env, HOME: home, AWS_ENDPOINT_URL_SSO_OIDC: url, PYTHONUNBUFFERED: '1' },
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        const ended = once(cli, 'exit');
        let output = '';
        let approved: Promise<void> | undefined;
        const read = (chunk: Buffer): void => {
          output += chunk.toString();
          const [code] = /\b[A-Z0-9]{4}-[A-Z0-9]{4}\b/.exec(output) ?? [];
          if (code !== undefined) approved ??= onCode(code);
        };
        cli.stdout.on('data', read);
        cli.stderr.on('data', read);
        const [exitCode] = (await ended) as [number | null];
        if (exitCode !== 0) throw new Error(`aws sso login failed:\n${output}`);
        await approved;
      };
    },
  };
}
