import { rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

import * as vscode from 'vscode';

import { BoundedQueue } from '../common/boundedQueue.ts';
import type { Clock } from '../common/clock.ts';
import { DisposableStore } from '../common/disposable.ts';
import { WatchedFolder } from '../common/files/watchedFolder.ts';
import type { Locks } from '../common/locks/locks.ts';
import { errorCode } from '../common/log.ts';
import type { Log } from '../common/log.ts';
import type { Closable } from '../common/onDemand.ts';
import { programOutput } from '../common/programs/programOutput.ts';
import type { Random } from '../common/random.ts';
import { awsPaths } from '../connections/awsConfig/awsPaths.ts';
import type { AwsPaths } from '../connections/awsConfig/awsPaths.ts';
import type { ConnectionList } from '../connections/connectionList.ts';
import { portalEndpoint } from '../connections/connection.ts';
import type { Connection } from '../connections/connection.ts';
import { SsoPortalClient } from '../portal/client.ts';
import { CredentialsSource } from '../roles/credentials/credentialsSource.ts';
import { SessionRequests } from '../roles/credentials/sessionRequests.ts';
import { isRoleForbidden, sessionRoles } from '../roles/credentials/sessionRoles.ts';
import { CredentialsEndpoint } from '../roles/endpoint/credentialsEndpoint.ts';
import { portalRolesSource } from '../roles/list/fetch/portalRolesSource.ts';
import { RoleLists } from '../roles/list/roleLists.ts';
import type { RolesSource } from '../roles/list/fetch/rolesSource.ts';
import { rolesOwners } from '../roles/list/rolesOwner.ts';
import type { RolesOwner } from '../roles/list/rolesOwner.ts';
import { ShellCheck } from '../roles/shell/shellCheck.ts';
import type { CredentialProgram } from '../roles/terminal/credentialCommand.ts';
import { RoleAccess } from '../roles/terminal/roleAccess.ts';
import { RoleFiles } from '../roles/terminal/roleFiles.ts';
import type { Session } from '../sessions/session.ts';
import type { SessionManager } from '../sessions/sessionManager.ts';
import { localized } from '../ui/localized.ts';
import { CredentialsClipboard } from '../ui/roles/copyCredentials.ts';
import type { RoleActions } from '../ui/roles/registerRoles.ts';
import { RoleChoice } from '../ui/roles/roleChoice.ts';
import { RoleCommands } from '../ui/roles/roleCommands.ts';
import { keyOfChosen } from '../ui/roles/chosenRole.ts';
import type { ChosenRole } from '../ui/roles/chosenRole.ts';
import { chooseRole } from '../ui/roles/list/rolePicker.ts';
import { offerScope } from '../ui/roles/scopeOffer.ts';
import { RoleRegions } from '../ui/roles/roleRegions.ts';
import { RoleStatus } from '../ui/roles/terminal/roleStatus.ts';
import { RoleTerminals } from '../ui/roles/terminal/roleTerminals.ts';
import type { SignInRequest } from '../ui/signIn/signInTarget.ts';
import { WindowRole } from '../ui/roles/window/windowRole.ts';
import { WindowRoleCommands } from '../ui/roles/window/windowRoleCommands.ts';
import { WindowRoleStatus } from '../ui/roles/window/windowRoleStatus.ts';
import { inherited, isTerminalHere } from './terminalHost.ts';

export { tellThatAccessEnded } from '../ui/roles/terminal/leftTerminals.ts';

export interface RolesParts {
  readonly extension: vscode.Extension<unknown>;
  readonly variables: vscode.EnvironmentVariableCollection;
  readonly sessions: SessionManager;
  readonly signIn: (request: SignInRequest) => Promise<void>;
  readonly showLog: () => void;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly locks: Locks;
  /** As they are configured now. */
  readonly connections: ConnectionList;
  /** The storage folder. */
  readonly storage: string;
  /** The folder of the role terminals' files. */
  readonly terminalFiles: string;
  readonly awsPaths: AwsPaths;
  /** What these files are read with: they may be on a network drive. */
  readonly home: BoundedQueue;
}

/** What the storage folder is given to answer, in milliseconds. */
const DISK_MS = 5000;

/** What the user does with roles. Import this module lazily: it brings all of it along. */
export class Roles implements Closable, RoleActions {
  readonly #disposables = new DisposableStore();
  readonly #sessions: SessionManager;
  readonly #lists: RoleLists;
  readonly #clipboard: CredentialsClipboard;
  readonly commands: RoleCommands;
  readonly windowRole: WindowRoleCommands;

  constructor(parts: RolesParts) {
    const { sessions, clock, random, signIn, showLog, variables } = parts;
    const add = this.#disposables.add.bind(this.#disposables);
    const portal = (connection: Connection): SsoPortalClient =>
      new SsoPortalClient({ endpoint: portalEndpoint(connection), fetch: parts.fetch });
    const requests = new SessionRequests(sessions);
    this.#sessions = sessions;
    this.#lists = this.#openLists(parts, requests);
    const source = add(
      new CredentialsSource({
        ...parts,
        sessions: sessionRoles(sessions, requests, portal),
        isForbidden: isRoleForbidden,
      }),
    );
    const listen = (): Promise<CredentialsEndpoint> =>
      CredentialsEndpoint.listen({ read: (role) => source.read(role), localize: localized, random });
    const access = add(new RoleAccess(source, listen));
    const disk = new BoundedQueue(clock, DISK_MS);
    const files = roleFiles(parts, disk);
    const shellCheck = shellCheckOf(parts);
    const terminals = add(new RoleTerminals({ ...parts, access, source, files, inherited, shellCheck }));
    add(new RoleStatus(terminals));
    const regions = new RoleRegions({ ...parts, disk });
    this.#clipboard = new CredentialsClipboard(clock, parts.log);
    const shared = {
      choice: new RoleChoice({
        sessions,
        signIn,
        offerScope,
        choose: (...how) =>
          chooseRole({ lists: this.#lists, clock, sessions: () => sessions.sessions }, ...how),
        region: (role) => regions.find(role),
      }),
      used: (role: ChosenRole, region: string | undefined) => this.#noteUse(role, region, regions),
      isTerminalHere: isTerminalHere(parts.extension),
      showLog,
    };
    const refresh = (): void => this.#lists.refresh();
    this.commands = new RoleCommands({
      ...shared,
      knownRegion: (role) => regions.known(role),
      refresh,
      source,
      terminals,
      clipboard: this.#clipboard,
    });
    const windowRole = add(new WindowRole({ access, files, variables, inherited }));
    add(new WindowRoleStatus(windowRole));
    this.windowRole = new WindowRoleCommands({ ...shared, windowRole, shellCheck, inherited });
    add(source.onDidEnd((ended) => this.windowRole.end(ended)));
  }

  #openLists(parts: RolesParts, requests: SessionRequests): RoleLists {
    const { sessions, clock, random, log } = parts;
    const folder = this.#disposables.add(new WatchedFolder(join(parts.storage, 'roles'), clock, random));
    folder.watch().catch((error: unknown) => {
      log.warn({ operation: 'watch roles', outcome: 'failed', code: errorCode(error) });
    });
    const source = (owner: RolesOwner): RolesSource => {
      const endpoint = portalEndpoint(owner.connection);
      const client = new SsoPortalClient({ endpoint, fetch: parts.fetch, repeat: 'never' });
      const { sessionId: id, account } = owner;
      return portalRolesSource(client, (send) =>
        requests.send({ id, account }, ({ tokens }) => send(tokens.accessToken)),
      );
    };
    const lists = new RoleLists({ ...parts, folder, source });
    const setOwners = (): void => lists.setOwners(rolesOwners(sessions.sessions));
    this.#disposables.add(sessions.onDidUpdate(setOwners));
    setOwners();
    return lists;
  }

  /** What was listed of a session that was signed out of before this was loaded goes as well. */
  forget(removed: readonly Session[]): void {
    const { sessions } = this.#sessions;
    this.#lists.setOwners(rolesOwners([...sessions, ...removed]));
    this.#lists.setOwners(rolesOwners(sessions));
  }

  async #noteUse(role: ChosenRole, region: string | undefined, regions: RoleRegions): Promise<void> {
    await this.#lists.pins.setUsed(keyOfChosen(role));
    if (region !== undefined) {
      await regions.remember(role, region);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#lists.close(), this.#clipboard.close()]);
    this.#disposables.dispose();
  }
}

function roleFiles(
  { extension, terminalFiles, home, clock, random }: RolesParts,
  disk: BoundedQueue,
): RoleFiles {
  return new RoleFiles({
    folder: terminalFiles,
    own: () => awsPaths({ environment: inherited(), home: homedir(), platform: process.platform }),
    home,
    disk,
    program: program(extension, 'credentialProcess'),
    platform: process.platform,
    tools: { clock, random, rename },
  });
}

function shellCheckOf({ extension, clock }: RolesParts): ShellCheck {
  return new ShellCheck({
    shell: () => vscode.env.shell,
    program: program(extension, 'shellVariables'),
    platform: process.platform,
    inherited,
    home: homedir(),
    clock,
    output: programOutput,
  });
}

/** A program of its own that lies beside this one. */
function program({ extensionPath }: vscode.Extension<unknown>, name: string): CredentialProgram {
  return {
    executable: process.execPath,
    script: join(extensionPath, 'dist', 'extension', `${name}.cjs`),
  };
}
