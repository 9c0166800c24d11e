import { join } from 'node:path';

import { replaceText } from '../../common/files/atomicFile.ts';
import type { FileTools } from '../../common/files/atomicFile.ts';
import { makePrivateFolder } from '../../common/files/privateFolder.ts';
import { readConfigFile } from '../../connections/awsConfig/configFile.ts';
import { isDefaultProfile } from '../../connections/awsConfig/sections.ts';
import { credentialCommand, credentialCommandFile } from './credentialCommand.ts';
import type { CredentialProgram } from './credentialCommand.ts';
import { roleConfigText } from './roleConfig.ts';

export interface RoleFilesParts {
  /** Ours alone, for this purpose. */
  readonly folder: string;
  /** The user's own files. */
  readonly configPath: string;
  readonly credentialsPath: string;
  readonly program: CredentialProgram;
  readonly platform: NodeJS.Platform;
  readonly tools: FileTools;
}

/** What a role terminal reads instead of the user's own files. */
export interface RoleFilePaths {
  readonly configFile: string;
  /** `undefined`: the user's own, which has no default profile that would win over the role. */
  readonly credentialsFile: string | undefined;
}

const NO_CREDENTIALS =
  '# Made by AWS SSO Authentication for role terminals, because the default profile of your own file would win over the role.\n';

/** The files of role terminals, the same for all of them: written anew at each opening, and without a secret. */
export class RoleFiles {
  readonly #parts: RoleFilesParts;

  constructor(parts: RoleFilesParts) {
    this.#parts = parts;
  }

  /** @throws what the file system says */
  async write(signal: AbortSignal): Promise<RoleFilePaths> {
    const { folder, configPath, credentialsPath, tools } = this.#parts;
    await makePrivateFolder(folder);
    const config = await readConfigFile(configPath);
    const credentials = await readConfigFile(credentialsPath);
    const configFile = join(folder, 'config');
    await replaceText(configFile, roleConfigText(config, await this.#command(signal)), tools, signal);
    if (![...credentials.sections.keys()].some(isDefaultProfile)) {
      return { configFile, credentialsFile: undefined };
    }
    const credentialsFile = join(folder, 'credentials');
    await replaceText(credentialsFile, NO_CREDENTIALS, tools, signal);
    return { configFile, credentialsFile };
  }

  async #command(signal: AbortSignal): Promise<string> {
    const { folder, program, platform, tools } = this.#parts;
    if (platform !== 'win32') {
      return credentialCommand(program);
    }
    const file = join(folder, 'role-credentials.cmd');
    await replaceText(file, credentialCommandFile(program), tools, signal);
    return `"${file}"`;
  }
}
