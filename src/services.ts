import { homedir } from 'node:os';
import { join } from 'node:path';

import * as vscode from 'vscode';

import type { AwsSsoApi } from '../api/aws-sso-auth.d.ts';
import { deadline, systemClock } from './common/clock.ts';
import { DisposableStore } from './common/disposable.ts';
import { errorCode } from './common/log.ts';
import type { Log } from './common/log.ts';
import { systemRandom } from './common/random.ts';
import { AwsConfigFile, awsConfigPath } from './connections/awsConfigFile.ts';
import { isExchangeConnection, oidcEndpoint, portalEndpoint } from './connections/connection.ts';
import type { Connection } from './connections/connection.ts';
import { authorizationCodeFlow } from './flows/authorizationCode.ts';
import { switchableFlow } from './flows/browserFlow.ts';
import { chooseFlow } from './flows/chooseFlow.ts';
import { deviceCodeFlow } from './flows/deviceCode.ts';
import { exchangeFlow, renewExchange } from './flows/exchange.ts';
import type { ExchangeContext } from './flows/exchange.ts';
import type { Flow } from './flows/flow.ts';
import { refreshTokens } from './flows/refreshToken.ts';
import { SignInError } from './flows/signInError.ts';
import { readAuthorities } from './network/authorities.ts';
import { fallbackFetch } from './network/fallbackFetch.ts';
import { readNetworkSettings } from './network/settings.ts';
import type { NetworkSettings } from './network/settings.ts';
import { undiciFetch } from './network/undiciFetch.ts';
import { SsoOidcClient } from './oidc/client.ts';
import { lazyDefaultCredentials, lazySigner } from './oidc/lazySigner.ts';
import { SsoPortalClient } from './oidc/portalClient.ts';
import type { ProviderServices } from './provider/authenticationProvider.ts';
import { hostLocks } from './sessions/hostLocks.ts';
import { DiskIndexFile } from './sessions/indexFile.ts';
import { DEFAULT_REFRESH_POLICY } from './sessions/refreshPolicy.ts';
import { vaultRegistrations } from './sessions/registrations.ts';
import { sealedFolder } from './sessions/sealedFolder.ts';
import { SealedVault } from './sessions/sealedVault.ts';
import { SecretVault } from './sessions/secretVault.ts';
import { SessionManager } from './sessions/sessionManager.ts';
import type { SessionsChange } from './sessions/sessionsChange.ts';
import type { TokenService } from './sessions/tokenService.ts';
import { assertionSource } from './ui/assertions.ts';
import { Commands } from './ui/commands.ts';
import { createCliSharing, followSharingSetting } from './ui/awsCli.ts';
import { connectionChecks } from './ui/connectionChecks.ts';
import { ConnectionList } from './ui/connectionList.ts';
import { ConnectionPicker } from './ui/connectionPicker.ts';
import { readConnections, readSignInFlow } from './ui/connectionSettings.ts';
import { ConnectionsWatcher } from './ui/connectionsWatcher.ts';
import { offerSignIn } from './ui/offerSignIn.ts';
import { OutputLog } from './ui/outputLog.ts';
import { RefreshActivity } from './ui/refreshActivity.ts';
import { InteractiveSignIn } from './ui/signIn.ts';
import { SignInNotifications } from './ui/signInNotification.ts';
import { StatusBar } from './ui/statusBar.ts';
import { offerReload, warnOfUnsavedSignIn } from './ui/storageNotices.ts';

/** VS Code's queue for our sessions stands still while a sign-in it asked for is pending. */
const SIGN_IN_MS = 5 * 60_000;

/** VS Code's own `fetch`, which follows its proxy settings, and ours for where that one cannot send. */
const fetch = fallbackFetch(
  globalThis.fetch,
  undiciFetch({
    readSettings: networkSettings,
    readAuthorities,
  }),
);

function networkSettings(): NetworkSettings {
  return readNetworkSettings(vscode.workspace.getConfiguration('http'), process.env);
}

/** The parts behind the doors, wired. */
export interface Services extends ProviderServices, vscode.Disposable {
  readonly commands: Commands;
  /** What other extensions may use. @throws Error for a version that does not exist */
  getApi(version: number): Promise<AwsSsoApi>;
}

/** Builds the parts and starts them. `announce` hears of every change of the sessions. */
export async function startServices(
  { extension, globalStorageUri, secrets }: vscode.ExtensionContext,
  announce: (change: SessionsChange) => void,
): Promise<Services> {
  const clock = systemClock;
  const random = systemRandom;
  const disposables = new DisposableStore();
  const channel = disposables.add(vscode.window.createOutputChannel('AWS SSO', { log: true }));
  const log = new OutputLog(channel);
  const folder = globalStorageUri.fsPath;
  const file = disposables.add(new DiskIndexFile(join(folder, 'sessions.json'), clock, random));
  const { pid } = process;
  const locks = disposables.add(await hostLocks(join(folder, 'locks'), { clock, random, pid, isAlive }));
  // In the browser every tab has a copy of the secrets to itself: there they hold one key only.
  const sealed =
    vscode.env.uiKind === vscode.UIKind.Web
      ? disposables.add(
          new SealedVault({
            secrets,
            files: sealedFolder(join(folder, 'vault'), clock, random),
            locks,
            clock,
            random,
          }),
        )
      : undefined;
  const vault = sealed ?? new SecretVault(secrets);
  const home = homedir();
  const awsConfig = new AwsConfigFile(awsConfigPath(process.env, home));
  const cli = disposables.add(createCliSharing({ home, storage: folder, awsConfig, clock, random, log }));
  const activity = disposables.add(new RefreshActivity());
  const sessions = disposables.add(
    new SessionManager({
      file,
      vault,
      locks,
      service: activity.service(cli.service(tokenService())),
      policy: DEFAULT_REFRESH_POLICY,
      clock,
      random,
      pid,
      log,
    }),
  );
  const notifications = disposables.add(new SignInNotifications(clock, random));
  const flowContext = { oidcClient, registrations: vaultRegistrations(vault, clock, log), clock, random };
  const deviceCode = deviceCodeFlow(flowContext);
  const flows = {
    deviceCode,
    authorizationCode: switchableFlow(authorizationCodeFlow(flowContext), deviceCode),
  };
  const interactive = cli.flow((connection, ...more) =>
    flows[chooseFlow(connection, readSignInFlow(), isLoopbackReachable(extension))](connection, ...more),
  );
  const exchange = exchangeFlow(exchangeContext());
  const flow: Flow<Connection> = async (connection, ...more) => {
    await sealed?.prepare();
    return isExchangeConnection(connection)
      ? exchange(connection, ...more)
      : interactive(connection, ...more);
  };
  const connections = new ConnectionList(readConnections, awsConfig);
  const picker = new ConnectionPicker(connections, connectionChecks(flowContext, fetch));
  const chooseConnection = picker.choose.bind(picker);
  const signIn = disposables.add(new InteractiveSignIn({ sessions, notifications, flow, chooseConnection }));
  const diagnose = async (): Promise<void> => {
    const { runDiagnostics } = await import('./ui/runDiagnostics.ts');
    await runDiagnostics(extension, home, {
      clock,
      random,
      fetch,
      readNetworkSettings: networkSettings,
      readAuthorities,
      flowContext,
      secrets,
      locks,
      storage: folder,
      connections,
      readSessions: () => sessions.sessions,
    });
  };
  let watcher: ConnectionsWatcher | undefined;
  const getApi = async (version: number): Promise<AwsSsoApi> => {
    const { createApi } = await import('./api.ts');
    watcher ??= disposables.add(new ConnectionsWatcher(awsConfig.path));
    return createApi(version, {
      readConnections: async () => (await connections.read()).connections,
      onDidChangeConnections: watcher.onDidChange,
      fetch,
      clock,
      random,
    });
  };
  const commands = new Commands(sessions, signIn, channel, clock, diagnose);
  const updateContext = (): void => {
    void vscode.commands.executeCommand('setContext', 'awsSso.hasSessions', sessions.sessions.length > 0);
    void vscode.commands.executeCommand('setContext', 'awsSso.isSigningIn', signIn.isPending);
  };
  disposables.add(sessions.onDidChange(announce));
  disposables.add(sessions.onDidUpdate(updateContext));
  disposables.add(signIn.onDidChangePending(updateContext));
  disposables.add(signIn.onDidFail((failed) => void commands.explainFailure(failed)));
  disposables.add(followSharingSetting(cli, sessions));
  disposables.add(sessions.onDidEnd((session) => void commands.announceEnd(session)));
  disposables.add(sessions.onWillEnd((session) => void commands.announceComingEnd(session)));
  disposables.add(sessions.onDidFailToSave(() => void warnOfUnsavedSignIn()));
  if (sealed !== undefined) {
    disposables.add(sealed.onNeedsReload(() => void offerReload()));
  }
  disposables.add(vscode.window.onDidChangeWindowState(({ focused }) => void (focused && sessions.wake())));
  await watchFile(file, log);
  await sessions.start();
  updateContext();
  disposables.add(new StatusBar(sessions, activity, clock));
  disposables.add(offerSignIn(sessions));
  return {
    sessions,
    signIn,
    commands,
    getApi,
    deadline: () => deadline(clock, SIGN_IN_MS, () => new SignInError('timedOut')),
    dispose: () => disposables.dispose(),
  };
}

/** Whether a process is alive, suspended ones included. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Of another person's process the system says so: it is alive.
    return errorCode(error) === 'EPERM';
  }
}

/** Whether the browser that opens can be expected on the machine this runs on. */
function isLoopbackReachable({ extensionKind }: vscode.Extension<unknown>): boolean {
  const isRemote = vscode.env.remoteName !== undefined && extensionKind === vscode.ExtensionKind.Workspace;
  return vscode.env.uiKind === vscode.UIKind.Desktop && !isRemote;
}

function oidcClient(connection: Connection): SsoOidcClient {
  return new SsoOidcClient({
    endpoint: oidcEndpoint(connection),
    region: connection.region,
    fetch,
    credentials: lazyDefaultCredentials,
    signer: lazySigner(systemClock),
  });
}

function exchangeContext(): ExchangeContext {
  return { oidcClient, assertions: assertionSource, clock: systemClock };
}

function tokenService(): TokenService {
  return {
    refresh: (connection, renewal, signal) =>
      'client' in renewal
        ? refreshTokens({ oidc: oidcClient(connection), clock: systemClock }, renewal, signal)
        : renewExchange(exchangeContext(), renewal, signal),
    signOut: async (connection, accessToken, signal) => {
      await new SsoPortalClient({ endpoint: portalEndpoint(connection), fetch }).logout(accessToken, {
        signal,
      });
    },
  };
}

/** Where a folder cannot be watched, other windows' changes are seen a little later. */
async function watchFile(file: DiskIndexFile, log: Log): Promise<void> {
  try {
    await file.watch();
  } catch (error) {
    log.warn({ operation: 'watch index', outcome: 'failed', code: errorCode(error) });
  }
}
