// An extension that uses the sessions of AWS SSO, as any other extension would: through VS Code alone.
// Each command takes the scopes and options of `getSession`, has defaults for the command palette, and answers with
// what it got. In the end-to-end tests, what happens is also appended to the file CONSUMER_LOG, a JSON value a line.

const { appendFileSync } = require('node:fs');
const vscode = require('vscode');

const PROVIDER = 'aws-sso';
const SCOPES = ['sso:account:access'];

/** The session's own keys are part of the answer: VS Code passes on whatever a provider adds. */
function describe(session) {
  return session && { keys: Object.keys(session).toSorted(), session };
}

const directoryChanges = new vscode.EventEmitter();
let directorySessions = [];

/** Another provider of accounts: whose sign-in needs no user, and whose ID token is the one in the settings. */
const directory = {
  onDidChangeSessions: directoryChanges.event,
  getSessions: async (scopes) =>
    directorySessions.filter((session) => !scopes || String(session.scopes) === String(scopes)),
  createSession: async (scopes) => {
    const idToken = vscode.workspace.getConfiguration('awsConsumer').get('idToken');
    const account = { id: 'jane', label: 'jane@directory.example' };
    const session = { id: 'jane', accessToken: 'opaque', idToken, account, scopes };
    directorySessions = [session];
    directoryChanges.fire({ added: [session], removed: [], changed: [] });
    return session;
  },
  removeSession: async () => {
    const removed = directorySessions;
    directorySessions = [];
    directoryChanges.fire({ added: [], removed, changed: [] });
  },
};

exports.activate = (context) => {
  const log = process.env.CONSUMER_LOG;
  const record = (entry) => log && appendFileSync(log, `${JSON.stringify(entry)}\n`);
  const status = vscode.window.createStatusBarItem('consumer', vscode.StatusBarAlignment.Left);
  status.name = 'AWS Consumer';
  const show = (session) => {
    status.text = session ? `$(cloud) ${session.account.label}` : '$(cloud) AWS Consumer: signed out';
    status.show();
  };

  async function getSession(scopes, options) {
    try {
      const session = await vscode.authentication.getSession(PROVIDER, scopes, options);
      show(session);
      const answer = describe(session) ?? null;
      record({ event: 'session', scopes, options, answer });
      return answer;
    } catch (error) {
      record({ event: 'error', scopes, options, name: error.name, message: error.message });
      throw error;
    }
  }

  /** The scopes that the user types; undefined when they close the box. */
  async function askForScopes() {
    const text = await vscode.window.showInputBox({ title: 'Scopes, separated by spaces' });
    return text?.split(' ').filter(Boolean);
  }

  async function getSessionForScopes(options) {
    const scopes = await askForScopes();
    return scopes && getSession(scopes, options);
  }

  const commands = {
    'consumer.getSession': (scopes = SCOPES, options = { createIfNone: true }) => getSession(scopes, options),
    'consumer.getSessionSilently': (scopes = SCOPES, options = { silent: true }) =>
      getSession(scopes, options),
    'consumer.requestSession': (scopes = SCOPES, options = {}) => getSession(scopes, options),
    'consumer.getSessionForScopes': () => getSessionForScopes({ createIfNone: true }),
    'consumer.getSessionForScopesSilently': () => getSessionForScopes({ silent: true }),
    'consumer.requestSessionForScopes': () => getSessionForScopes({}),
    'consumer.forceNewSession': () =>
      getSession(SCOPES, { forceNewSession: true, clearSessionPreference: true }),
    'consumer.getAccounts': () => vscode.authentication.getAccounts(PROVIDER),
    'consumer.toggleSharing': async () => {
      const settings = vscode.workspace.getConfiguration('awsSso');
      const isShared = settings.get('shareWithAwsCli') === true;
      await settings.update('shareWithAwsCli', !isShared, vscode.ConfigurationTarget.Global);
    },
  };
  for (const [name, run] of Object.entries(commands)) {
    context.subscriptions.push(vscode.commands.registerCommand(name, run));
  }
  context.subscriptions.push(
    status,
    vscode.authentication.registerAuthenticationProvider('test-directory', 'Test Directory', directory),
    vscode.authentication.onDidChangeSessions((change) => {
      if (change.provider.id !== PROVIDER) return;
      record({ event: 'changed' });
      getSession(SCOPES, { silent: true }).catch(console.error);
    }),
  );
  getSession(SCOPES, { silent: true }).catch(console.error);
  if (vscode.workspace.getConfiguration('awsConsumer').get('watch')) {
    const timer = setInterval(async () => {
      const session = await vscode.authentication.getSession(PROVIDER, SCOPES, { silent: true });
      record({ event: 'watched', window: process.pid, answer: describe(session) ?? null });
    }, 1000);
    context.subscriptions.push({ dispose: () => clearInterval(timer) });
  }
};
