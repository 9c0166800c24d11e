/**
 * A window as a process of its own, with the extension as VS Code starts it and everything real but VS Code:
 * `windowProcess.ts <folder> <extension>`, where the first folder holds what VS Code would keep, and the second is that of
 * the extension.
 */
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import type { ExtensionContext } from 'vscode';

import type { Services } from '../../../src/services/services.ts';
import { secretFolder } from '../../processes/secretFolder.ts';
import type { FromWindow, ToWindow, WindowSession } from './messages.ts';
import { closeTerminals, env, shown, terminals } from './vscode.ts';

const SCOPES = ['sso:account:access'];
const [folder = '', extensionPath = ''] = process.argv.slice(2);

function say(message: FromWindow): void {
  if (process.connected) {
    process.send?.(message);
  }
}

async function readSession({ sessions }: Services): Promise<WindowSession> {
  const [session] = sessions.sessions;
  if (session === undefined) {
    return { kind: 'none' };
  }
  if (session.state.kind === 'needsSignIn') {
    return { kind: 'needsSignIn', reason: session.state.reason };
  }
  const [live] = await sessions.getSessions({});
  return { kind: 'signedIn', accessToken: live?.tokens.accessToken };
}

async function answer(services: Services, message: ToWindow): Promise<FromWindow> {
  const { kind } = message;
  switch (kind) {
    case 'signIn': {
      const renews = services.sessions.sessions.find(({ state }) => state.kind === 'needsSignIn');
      await services.signIn.signIn({
        scopes: SCOPES,
        signal: new AbortController().signal,
        ...(renews && { renews, connection: renews.connection }),
      });
      return { kind };
    }
    case 'signOut':
      await Promise.all(services.sessions.sessions.map(({ id }) => services.sessions.signOut(id)));
      return { kind };
    case 'openRoleTerminal': {
      const before = terminals.length;
      await (await services.roles()).commands.openTerminal(message.role);
      const [terminal] = terminals.slice(before);
      const environment = terminal?.creationOptions.env;
      return { kind, ...(environment && { environment: environment as Record<string, string | null> }) };
    }
    case 'closeTerminals':
      closeTerminals();
      return { kind };
    case 'copyRoleCredentials':
      await (await services.roles()).commands.copyCredentials(message.role);
      return { kind, text: await env.clipboard.readText() };
    case 'refresh': {
      const [session] = services.sessions.sessions;
      const outcome = session && (await services.sessions.refreshNow(session.id));
      return { kind, outcome: outcome?.kind ?? 'no session' };
    }
    case 'read':
      return { kind, session: await readSession(services) };
    case 'close':
      await services.close();
      return { kind };
  }
}

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode'
      ? { url: new URL('./vscode.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
});
const { startServices } = await import('../../../src/services/services.ts');
shown.on('text', (text) => say({ kind: 'shown', text }));
const context = {
  globalStorageUri: { fsPath: join(folder, 'storage') },
  extensionPath,
  extension: { extensionKind: 1, extensionPath },
  secrets: { ...secretFolder(join(folder, 'secrets')), onDidChange: () => ({ dispose: () => undefined }) },
} as unknown as ExtensionContext;
const services = await startServices(context, () => undefined);
await services.ready;
process.on('message', (message: ToWindow) => {
  void (async () => {
    try {
      say(await answer(services, message));
    } catch (error) {
      say({ kind: 'failed', message: String(error) });
    }
    if (message.kind === 'close') {
      process.disconnect();
    }
  })();
});
say({ kind: 'open' });
