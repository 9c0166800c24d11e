import { homedir } from 'node:os';

import * as vscode from 'vscode';

import type { AwsSsoApi } from '../../api/aws-sso-auth.d.ts';
import { BoundedQueue } from '../common/boundedQueue.ts';
import { systemClock } from '../common/clock.ts';
import { DisposableStore } from '../common/disposable.ts';
import { lazily } from '../common/lazily.ts';
import { errorCode } from '../common/log.ts';
import { systemRandom } from '../common/random.ts';
import { withDeadline } from '../common/timeout.ts';
import { AwsConfigFiles, lazyAwsConfig } from '../connections/awsConfig/awsConfigFiles.ts';
import { checkAwsFiles } from '../connections/awsConfig/awsFiles.ts';
import { awsPaths } from '../connections/awsConfig/awsPaths.ts';
import { SignInError } from '../flows/signInError.ts';
import { networkId } from '../network/networkId.ts';
import type { ProviderServices } from '../provider/authenticationProvider.ts';
import { MenuRequests } from '../provider/menuRequests.ts';
import type { Announcement } from '../provider/menuRequests.ts';
import { DEFAULT_REFRESH_POLICY } from '../sessions/refresh/policy.ts';
import { RecentSignIn } from '../sessions/signIn/recentSignIn.ts';
import { vaultRegistrations } from '../sessions/vault/registrations.ts';
import { keepRegistrations } from '../sessions/vault/registrationUpkeep.ts';
import { SessionManager } from '../sessions/sessionManager.ts';
import type { SessionsChange } from '../sessions/store/difference.ts';
import { chooseAccount } from '../ui/signIn/accountPicker.ts';
import { followSharing } from '../ui/awsCli/followSharing.ts';
import type { Commands } from '../ui/commands/commands.ts';
import { ConnectionList } from '../connections/connectionList.ts';
import { readConnections } from '../ui/settings.ts';
import { closeRestoredReports } from '../ui/diagnostics/reportTabs.ts';
import { offerSignIn } from '../ui/signIn/offerSignIn.ts';
import { OutputLog } from '../ui/outputLog.ts';
import { RefreshActivity } from '../sessions/refresh/activity.ts';
import { InteractiveSignIn } from '../ui/signIn/signIn.ts';
import { StatusBar } from '../ui/sessions/statusBar.ts';
import { warnOfUnsavedSignIn, warnOfUnsavedSignOut } from '../ui/notifications/storageNotices.ts';
import type { RoleActions } from '../ui/roles/registerRoles.ts';
import { keepContextKeys } from './contextKeys.ts';
import { lazyCommands } from './lazyCommands.ts';
import { grantedSignIns, lazyFlow, lazyNotifications, lazyService, lazySources } from './lazyGrants.ts';
import { lazyApi } from './lazyApi.ts';
import { lazyDiagnostics } from './lazyDiagnostics.ts';
import { LazyRoles } from './lazyRoles.ts';
import { isLoopbackReachable } from './loopback.ts';
import { openNetwork } from './network.ts';
import { openStorage } from './storage.ts';

/** VS Code's queue for our sessions stands still while a sign-in it asked for is pending. */
const SIGN_IN_MS = 5 * 60_000;
/** What a file in the home folder, which may be a network drive, is given to answer. */
const HOME_WAIT_MS = 3000;

/** The parts, wired. */
export interface Services extends ProviderServices {
  readonly commands: () => Promise<Commands>;
  /** What the user does with roles. */
  readonly roles: () => Promise<RoleActions>;
  /** What other extensions may use. @throws Error for a version that does not exist */
  getApi(version: number): Promise<AwsSsoApi>;
  /** Ends the sign-ins, lets what else is in progress end, for a few seconds at most, and disposes of all parts. */
  close(): Promise<void>;
}

/**
 * Builds the parts and starts them. `announce` is called with every change of the sessions, and with those to report
 * to VS Code as added.
 */
export async function startServices(
  context: vscode.ExtensionContext,
  announce: (change: SessionsChange, added: readonly Announcement[]) => void,
): Promise<Services> {
  const disposables = new DisposableStore();
  try {
    return await wire(context, announce, disposables);
  } catch (error) {
    // What is left of a failed start would be in the way of the next one.
    disposables.dispose();
    throw error;
  }
}

async function wire(
  context: vscode.ExtensionContext,
  announce: (change: SessionsChange, added: readonly Announcement[]) => void,
  disposables: DisposableStore,
): Promise<Services> {
  const basics = { clock: systemClock, random: systemRandom };
  const channel = disposables.add(vscode.window.createOutputChannel('AWS SSO', { log: true }));
  const parts = { ...basics, log: new OutputLog(channel) };
  const network = openNetwork(parts.clock);
  const { fetch } = network;
  const storage = disposables.add(await openStorage(context, parts));
  const home = homedir();
  const disk = new BoundedQueue(parts.clock, HOME_WAIT_MS);
  const machine = { environment: process.env, home, platform: process.platform };
  const awsConfig = new AwsConfigFiles(awsPaths(machine), disk, lazyAwsConfig(process.env));
  const connections = new ConnectionList(readConnections, awsConfig);
  const grants = lazily(async () => {
    const { announceSharing, createCliSharing, createGrants, SignInNotifications } =
      await import('./grants.ts');
    const notifications = disposables.add(new SignInNotifications(parts.clock, parts.random));
    const { whileAsking } = notifications;
    const files = { home, disk, storage: storage.folder, awsConfig, environment: process.env };
    const sharing = disposables.add(createCliSharing({ ...parts, ...files, whileAsking }));
    disposables.add(announceSharing(sharing, sessions));
    return createGrants({
      ...basics,
      fetch,
      sharing,
      connections,
      notifications,
      checkAwsFiles: () => checkAwsFiles({ ...machine, paths: awsConfig.paths, disk }),
      registrations: vaultRegistrations(storage.vault, parts.clock, parts.log),
      isLoopbackReachable: isLoopbackReachable(context.extension),
    });
  });
  const activity = disposables.add(new RefreshActivity());
  const service = activity.service(lazyService(grants));
  const sessions = disposables.add(
    new SessionManager({
      ...parts,
      file: storage.file,
      vault: storage.vault,
      locks: storage.locks,
      holder: storage.holder,
      service,
      networkId,
      policy: DEFAULT_REFRESH_POLICY,
    }),
  );
  const signIn = disposables.add(
    new InteractiveSignIn({
      sessions,
      notifications: lazyNotifications(grants),
      sources: lazySources(grants),
      chooseAccount,
      flow: lazyFlow(grants),
      granted: grantedSignIns(sessions, grants),
      prepare: storage.prepare,
    }),
  );
  const looked = { ...basics, network, storage, context, home, connections };
  const diagnose = lazyDiagnostics({ ...looked, sessions, grants, disposables });
  const { commands, announcements } = lazyCommands({
    sessions,
    signIn,
    channel,
    clock: parts.clock,
    diagnose,
    extensionId: context.extension.id,
    connections,
    grants,
  });
  const getApi = lazyApi({ ...basics, fetch, connections, paths: awsConfig.paths, disposables });
  const roles = new LazyRoles({
    ...parts,
    fetch,
    sessions,
    connections,
    locks: storage.locks,
    storage: storage.folder,
    awsPaths: awsConfig.paths,
    home: disk,
    extension: context.extension,
    variables: context.environmentVariableCollection,
    signIn: async (request) => (await commands()).signIn(request),
    showLog: () => channel.show(),
  });

  const menuRequests = new MenuRequests();
  disposables.add(sessions.onDidChange((change) => announce(change, menuRequests.added(change))));
  disposables.add(announcements);
  disposables.add(sessions.onDidFailToSave(() => void warnOfUnsavedSignIn()));
  disposables.add(sessions.onDidFailToSaveSignOut((session) => void warnOfUnsavedSignOut(session)));
  disposables.add(vscode.window.onDidChangeWindowState(({ focused }) => void (focused && sessions.wake())));
  // Nothing waits here for the first read of the disk, which may hang.
  const begin = async (): Promise<void> => {
    await sessions.start();
    disposables.add(
      followSharing({
        sharing: async () => (await grants()).sharing,
        sessions,
        locks: storage.locks,
        storage: storage.folder,
      }),
    );
    disposables.add(keepContextKeys(sessions, signIn));
    disposables.add(
      keepRegistrations({ ...parts, vault: storage.vault, sessions, isSigningIn: () => signIn.isPending }),
    );
    disposables.add(new StatusBar(sessions, activity, parts.clock));
    disposables.add(offerSignIn(sessions));
    closeRestoredReports();
    void roles.tellOfLeftTerminals();
  };
  const ready = begin().catch((error: unknown) => {
    parts.log.warn({ operation: 'start', outcome: 'failed', code: errorCode(error) });
  });
  return {
    sessions,
    signIn,
    menuRequests,
    recentSignIn: new RecentSignIn(sessions, parts.clock),
    commands,
    roles: () => roles.actions(),
    ready,
    getApi,
    limited: (work) => withDeadline(parts.clock, SIGN_IN_MS, () => new SignInError('timedOut'), work),
    close: async () => {
      signIn.abort();
      await Promise.all([sessions.close(), roles.close()]);
      disposables.dispose();
    },
  };
}
