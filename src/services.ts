import { join } from 'node:path';

import * as vscode from 'vscode';

import { deadline, systemClock } from './common/clock.ts';
import { DisposableStore } from './common/disposable.ts';
import { errorCode } from './common/log.ts';
import type { Log } from './common/log.ts';
import { systemRandom } from './common/random.ts';
import { oidcEndpoint, portalEndpoint } from './connections/connection.ts';
import type { Connection, InteractiveConnection } from './connections/connection.ts';
import { authorizationCodeFlow } from './flows/authorizationCode.ts';
import { switchableFlow } from './flows/browserFlow.ts';
import { chooseFlow } from './flows/chooseFlow.ts';
import { deviceCodeFlow } from './flows/deviceCode.ts';
import type { Flow } from './flows/flow.ts';
import { refreshTokens } from './flows/refreshToken.ts';
import { SignInError } from './flows/signInError.ts';
import { SsoOidcClient } from './oidc/client.ts';
import { SsoPortalClient } from './oidc/portalClient.ts';
import type { ProviderServices } from './provider/authenticationProvider.ts';
import { DiskIndexFile } from './sessions/indexFile.ts';
import { DEFAULT_REFRESH_POLICY } from './sessions/refreshPolicy.ts';
import { vaultRegistrations } from './sessions/registrations.ts';
import { SecretVault } from './sessions/secretVault.ts';
import { SessionManager } from './sessions/sessionManager.ts';
import type { SessionsChange } from './sessions/sessionsChange.ts';
import { SqliteLocks } from './sessions/sqliteLocks.ts';
import type { TokenService } from './sessions/tokenService.ts';
import { Commands } from './ui/commands.ts';
import { chooseConnection } from './ui/connectionPicker.ts';
import { readSignInFlow } from './ui/connectionSettings.ts';
import { offerSignIn } from './ui/offerSignIn.ts';
import { OutputLog } from './ui/outputLog.ts';
import { InteractiveSignIn } from './ui/signIn.ts';
import { SignInNotifications } from './ui/signInNotification.ts';

/** VS Code's queue for our sessions stands still while a sign-in it asked for is pending. */
const SIGN_IN_MS = 5 * 60_000;

/** The parts behind the doors, wired. */
export interface Services extends ProviderServices, vscode.Disposable {
  readonly commands: Commands;
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
  const locks = disposables.add(new SqliteLocks(join(folder, 'locks'), clock, random));
  const vault = new SecretVault(secrets);
  const sessions = disposables.add(
    new SessionManager({
      file,
      vault,
      locks,
      service: tokenService(),
      policy: DEFAULT_REFRESH_POLICY,
      clock,
      random,
      pid: process.pid,
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
  const flow: Flow<InteractiveConnection> = (connection, ...more) =>
    flows[chooseFlow(connection, readSignInFlow(), isLoopbackReachable(extension))](connection, ...more);
  const signIn = disposables.add(new InteractiveSignIn({ sessions, notifications, flow, chooseConnection }));
  const commands = new Commands(sessions, signIn, channel, clock);
  const updateContext = (): void => {
    void vscode.commands.executeCommand('setContext', 'awsSso.hasSessions', sessions.sessions.length > 0);
    void vscode.commands.executeCommand('setContext', 'awsSso.isSigningIn', signIn.isPending);
  };
  disposables.add(sessions.onDidChange(announce));
  disposables.add(sessions.onDidChange(updateContext));
  disposables.add(signIn.onDidChangePending(updateContext));
  disposables.add(sessions.onDidEnd((session) => void commands.announceEnd(session)));
  disposables.add(vscode.window.onDidChangeWindowState(({ focused }) => void (focused && sessions.wake())));
  await watchFile(file, log);
  await sessions.start();
  updateContext();
  disposables.add(offerSignIn(sessions));
  return {
    sessions,
    signIn,
    commands,
    deadline: () => deadline(clock, SIGN_IN_MS, () => new SignInError('timedOut')),
    dispose: () => disposables.dispose(),
  };
}

/** Whether the browser that opens can be expected on the machine this runs on. */
function isLoopbackReachable({ extensionKind }: vscode.Extension<unknown>): boolean {
  const isRemote = vscode.env.remoteName !== undefined && extensionKind === vscode.ExtensionKind.Workspace;
  return vscode.env.uiKind === vscode.UIKind.Desktop && !isRemote;
}

function oidcClient(connection: Connection): SsoOidcClient {
  return new SsoOidcClient({ endpoint: oidcEndpoint(connection), region: connection.region });
}

function tokenService(): TokenService {
  return {
    refresh: (connection, tokens, signal) =>
      refreshTokens({ oidc: oidcClient(connection), clock: systemClock }, tokens, signal),
    signOut: async (connection, accessToken, signal) => {
      await new SsoPortalClient({ endpoint: portalEndpoint(connection) }).logout(accessToken, { signal });
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
