// Measures from inside the extension host what BENCH_TASK names, and appends the result to the file BENCH_RESULTS.

const { appendFileSync } = require('node:fs');
const { setTimeout: delay } = require('node:timers/promises');
const { Session } = require('node:inspector/promises');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');
const vscode = require('vscode');

const ID = 'identity-center-tools-test.bench-probe';
const OURS = { provider: 'aws-sso', scopes: ['sso:account:access'] };
const FLOOR = { provider: 'bench-floor', scopes: ['floor'] };
const GITHUB = { provider: 'github', scopes: ['read:user'] };
const LINES = 5000;
const ROLES = [
  'AdministratorAccess',
  'PowerUserAccess',
  'ReadOnlyAccess',
  'ViewOnlyAccess',
  'AdministratorAccess-4',
];
const POLL_MS = 50;
const COLLECTIONS = 10;

async function eventually(what, ask, timeoutMs = 30_000) {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    const answer = await ask();
    if (answer) return answer;
    await delay(POLL_MS);
  }
  throw new Error(`Waited in vain for ${what}.`);
}

const getSession = ({ provider, scopes }, options) =>
  vscode.authentication.getSession(provider, scopes, options);

/** The least a provider can do: it has its session in memory. */
function registerFloor(context) {
  const changed = new vscode.EventEmitter();
  const sessions = [];
  const provider = {
    onDidChangeSessions: changed.event,
    getSessions: async () => sessions,
    createSession: async (scopes) => {
      const account = { id: 'floor', label: 'floor' };
      sessions.push({ id: 'floor', accessToken: 'token', account, scopes });
      changed.fire({ added: sessions, removed: [], changed: [] });
      return sessions[0];
    },
    removeSession: async () => {},
  };
  context.subscriptions.push(
    changed,
    vscode.authentication.registerAuthenticationProvider(FLOOR.provider, 'Floor', provider),
  );
}

/** The least a list can be: as many lines, known beforehand, each with a label only. */
function registerPlainList(context) {
  const items = Array.from({ length: LINES }, (_, index) => {
    const account = String(1 + Math.floor(index / ROLES.length)).padStart(4, '0');
    return { label: `workload-${account} / ${ROLES[index % ROLES.length]}` };
  });
  context.subscriptions.push(
    vscode.commands.registerCommand('benchProbe.showPlainList', () =>
      vscode.window.showQuickPick(items, { title: 'Plain List' }),
    ),
  );
}

/** Signs in through the entry of the Accounts menu, which asks nothing. */
async function signIn(request) {
  await getSession(request, {});
  const prefix = `${request.provider}:${ID}:signIn`;
  const entry = await eventually('the entry in the Accounts menu', async () =>
    (await vscode.commands.getCommands()).find((command) => command.startsWith(prefix)),
  );
  await vscode.commands.executeCommand(entry);
  return eventually('the session', () => getSession(request, { silent: true }));
}

async function timed(request) {
  const started = performance.now();
  await getSession(request, { silent: true });
  return performance.now() - started;
}

const tasks = {
  /**
   * The text of the Startup Performance view, once all extensions of interest are in it; and how long the `require`
   * of each took by VS Code's own marks, in milliseconds.
   */
  async activation({ extensions }) {
    const isActive = (id) => vscode.extensions.getExtension(id)?.isActive;
    await eventually(
      'the extensions that start with the editor',
      () => isActive(extensions[0]) && isActive(extensions[1]),
    );
    await delay(1000);
    for (const provider of ['github', 'microsoft'])
      await getSession({ provider, scopes: ['x'] }, { silent: true });
    await eventually('the built-in extensions', () => extensions.every(isActive));
    await vscode.commands.executeCommand('perfview.show');
    const view = await eventually('the Startup Performance view', () => {
      const document = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'perf');
      const text = document?.getText() ?? '';
      return extensions.every((id) => text.includes(id)) && text;
    });
    const marks = globalThis.MonacoPerformanceMarks.getMarks();
    const at = (name, id) => marks.find((mark) => mark.name === `code/extHost/${name}/${id}`)?.startTime;
    const requires = extensions.map((id) => [
      id,
      at('didLoadExtensionCode', id) - at('willLoadExtensionCode', id),
    ]);
    return { view, requireMs: Object.fromEntries(requires) };
  },

  /** How long each call takes, in milliseconds, the providers in turn. */
  async getSession({ calls }) {
    await signIn(OURS);
    await signIn(FLOOR);
    const times = { ours: [], floor: [], github: [] };
    for (let call = 0; call < calls; call += 1) {
      times.floor.push(await timed(FLOOR));
      times.ours.push(await timed(OURS));
      times.github.push(await timed(GITHUB));
    }
    return times;
  },

  /** What the extension host uses while nothing happens: CPU time in milliseconds, and how often it woke. */
  async idle({ signedIn, settleMs, durationMs }) {
    if (signedIn) await signIn(OURS);
    await delay(settleMs);
    const before = { cpu: process.cpuUsage(), wakeUps: process.resourceUsage().voluntaryContextSwitches };
    await delay(durationMs);
    const { user, system } = process.cpuUsage(before.cpu);
    const wakeUps = process.resourceUsage().voluntaryContextSwitches - before.wakeUps;
    return { cpuMs: (user + system) / 1000, wakeUps, ownMs: signedIn ? await ownTime(durationMs) : 0 };
  },

  /** Nothing, once the user is signed in. */
  async signIn() {
    if ((await getSession(OURS, { silent: true })) === undefined) await signIn(OURS);
  },

  /** The memory of the extension host, in bytes, with one provider in use or none. */
  async memory({ asks, requests, settleMs }) {
    // As others do: what a host loads for its first request is not the extension's.
    await (await fetch(requests)).text();
    if (asks === 'aws-sso') await signIn(OURS);
    if (asks === 'github') await getSession(GITHUB, { silent: true });
    await delay(settleMs);
    const isGithubActive = vscode.extensions.getExtension('vscode.github-authentication')?.isActive === true;
    if (isGithubActive !== (asks === 'github')) {
      throw new Error(
        `github-authentication is ${isGithubActive ? '' : 'not '}active in the host that asks ${asks}.`,
      );
    }
    await collectGarbage();
    const { heapUsed, external, rss } = process.memoryUsage();
    return { held: heapUsed + external, resident: rss };
  },
};

/** In several turns: what is freed in one may let go of more. */
async function collectGarbage() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  for (let turn = 0; turn < COLLECTIONS; turn += 1) {
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    await delay(POLL_MS);
  }
}

/** The CPU time in our extension's own code, in milliseconds: by a profile, which itself costs more than it finds. */
async function ownTime(durationMs) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 1000 });
  await session.post('Profiler.start');
  await delay(durationMs);
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const own = profile.nodes.filter(({ callFrame }) =>
    callFrame.url.includes('identity-center-tools.aws-sso-auth'),
  );
  const ids = new Set(own.map(({ id }) => id));
  const microseconds = profile.samples.reduce(
    (sum, id, index) => sum + (ids.has(id) ? profile.timeDeltas[index] : 0),
    0,
  );
  return microseconds / 1000;
}

function report(result) {
  appendFileSync(process.env.BENCH_RESULTS, `${JSON.stringify(result)}\n`);
}

exports.activate = (context) => {
  registerFloor(context);
  registerPlainList(context);
  const { name, ...options } = JSON.parse(process.env.BENCH_TASK);
  tasks[name](options).then(
    (value) => report({ value }),
    (error) => report({ error: error.message }),
  );
};
