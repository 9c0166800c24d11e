import { createHash } from 'node:crypto';
import { join } from 'node:path';

import type { BoundedQueue } from '../../common/boundedQueue.ts';
import { readText, replaceText } from '../../common/files/atomicFile.ts';
import type { FileTools } from '../../common/files/atomicFile.ts';
import { makePrivateFolder } from '../../common/files/privateFolder.ts';
import { NO_FILE, readConfigFile } from '../../connections/awsConfig/configFile.ts';
import type { ParsedFile } from '../../connections/awsConfig/grammar.ts';
import type { AwsPaths } from '../../connections/awsConfig/awsPaths.ts';
import { isDefaultProfile } from '../../connections/awsConfig/sections.ts';
import { credentialCommand, credentialCommandFile } from './credentialCommand.ts';
import type { CredentialProgram } from './credentialCommand.ts';
import { roleConfigText } from './roleConfig.ts';

export interface RoleFilesParts {
  /** Ours alone, for this purpose. */
  readonly folder: string;
  /** The user's own files, as the tools in their terminals would find them now. */
  readonly own: () => AwsPaths;
  /** What these are read with: they may be on a network drive. */
  readonly home: BoundedQueue;
  /** What ours are written with. */
  readonly disk: BoundedQueue;
  readonly program: CredentialProgram;
  readonly platform: NodeJS.Platform;
  readonly tools: FileTools;
}

/** What a role terminal, or a window with a role, reads instead of the user's own files. */
export interface RoleFilePaths {
  readonly configFile: string;
  /** The user's own where it has profiles, and none of them is the default one, which would win over the role. */
  readonly credentialsFile: string;
}

const NO_CREDENTIALS =
  '# Made by AWS SSO Authentication for role terminals: a default profile of your own file would win over the role.\n';

/** For its owner only, who is told that `aws configure` changes nothing here. */
const MODE = 0o400;

/**
 * The files of roles in use, written again at each use, and without a secret. Those of terminals are the same for all
 * whose own configuration is the same file: windows may have been started, or set up, with different ones.
 */
export class RoleFiles {
  readonly #parts: RoleFilesParts;

  constructor(parts: RoleFilesParts) {
    this.#parts = parts;
  }

  /**
   * What can't be read of the user's own, or not in time, is left out: the terminal is the role all the same.
   * @param region of a role that is used in a whole window; absent for a role terminal, whose `AWS_REGION` says it
   * @throws what the file system says of ours; WorkTimeout
   */
  async write(signal: AbortSignal, region?: string): Promise<RoleFilePaths> {
    const { folder, own } = this.#parts;
    const paths = own();
    const config = await this.#read(paths.config);
    const credentials = await this.#read(paths.credentials);
    await this.#parts.disk.run(() => makePrivateFolder(folder));
    const configFile = await this.#replace(
      configName(config === undefined ? undefined : paths.config, region),
      roleConfigText(config ?? NO_FILE, await this.#command(signal), region),
      signal,
    );
    const profiles = [...(credentials?.sections.keys() ?? [])];
    const hidesNone = profiles.length > 0 && !profiles.some(isDefaultProfile);
    return {
      configFile,
      credentialsFile: hidesNone
        ? paths.credentials
        : await this.#replace('credentials', NO_CREDENTIALS, signal),
    };
  }

  async #read(path: string): Promise<ParsedFile | undefined> {
    return this.#parts.home.run(() => readConfigFile(path)).catch(() => undefined);
  }

  /** One that is there already does where none can be written, as on a full disk. @returns the file's path */
  async #replace(name: string, text: string, signal: AbortSignal): Promise<string> {
    const { folder, disk, platform, tools } = this.#parts;
    const path = join(folder, name);
    // Windows replaces no file that is read-only.
    const mode = platform === 'win32' ? undefined : MODE;
    await disk
      .run(() => replaceText(path, text, tools, signal, mode))
      .catch(async (error: unknown) => {
        const known = await disk.run(() => readText(path)).catch(() => undefined);
        if (known !== text) {
          throw error;
        }
      });
    return path;
  }

  async #command(signal: AbortSignal): Promise<string> {
    const { program, platform } = this.#parts;
    if (platform !== 'win32') {
      return credentialCommand(program);
    }
    return `"${await this.#replace('role-credentials.cmd', credentialCommandFile(program), signal)}"`;
  }
}

/** @param own the file that it is made from; absent where that can't be read */
function configName(own: string | undefined, region: string | undefined): string {
  const key =
    own === undefined ? undefined : createHash('sha256').update(own).digest('base64url').slice(0, 16);
  return ['config', key, region].filter((part) => part !== undefined).join('-');
}
