/**
 * A program of its own: the `credential_process` of the default profile in role terminals, and in a window with a role.
 * Asks the endpoint that the terminal's environment names, else the one that the window's does, and writes what it says;
 * where there is nothing to be had, says why, and fails.
 */
import { Agent, get } from 'node:http';

const TIMEOUT_MS = 5000;
/** How long it goes on asking where there are no credentials just now: the AWS SDKs wait for a program for longer. */
const ASKING_MS = 5000;
const PAUSE_MS = 250;

/** Of its own: Node's global one goes through `HTTP_PROXY` where `NODE_USE_ENV_PROXY` is set. */
const agent = new Agent();

const { env } = process;
/** Empty, it is that of no terminal: VS Code was started with it, or startup files have set it. */
const isTerminal = Boolean(env['AWS_CONTAINER_CREDENTIALS_FULL_URI']);
const url = isTerminal ? env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] : env['AWS_SSO_WINDOW_ROLE_URL'];
const token = isTerminal ? env['AWS_CONTAINER_AUTHORIZATION_TOKEN'] : env['AWS_SSO_WINDOW_ROLE_TOKEN'];

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

function failGone(): void {
  fail(
    isTerminal
      ? 'VS Code no longer answers for this role. Open a new role terminal.'
      : 'VS Code no longer answers for this role. Run "AWS SSO: Use Role in This Window" again.',
  );
}

/** Only ours are on this machine: another one would say who somebody else is. */
function isOurs(endpoint: string): boolean {
  const { protocol, hostname } = URL.parse(endpoint) ?? {};
  return protocol === 'http:' && hostname === '127.0.0.1';
}

interface Refusal {
  readonly code?: unknown;
  readonly message?: unknown;
}

function refusalOf(text: string): Refusal {
  try {
    return Object(JSON.parse(text)) as Refusal;
  } catch {
    return {};
  }
}

function ask(endpoint: string, authorization: string, untilMs: number): void {
  const request = get(endpoint, { agent, headers: { authorization }, timeout: TIMEOUT_MS }, (response) => {
    const chunks: Buffer[] = [];
    response.on('error', failGone);
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      if (response.statusCode === 200) {
        process.stdout.write(text);
        return;
      }
      const { code, message } = refusalOf(text);
      if (code === 'notNow' && performance.now() < untilMs) {
        setTimeout(ask, PAUSE_MS, endpoint, authorization, untilMs);
      } else {
        fail(typeof message === 'string' ? message : text);
      }
    });
  });
  request.on('timeout', () => request.destroy(new Error('no answer')));
  request.on('error', failGone);
}

if (url === undefined || token === undefined) {
  fail('This profile works only in a role terminal, or a window with a role, of AWS SSO Authentication.');
} else if (isOurs(url)) {
  ask(url, token, performance.now() + ASKING_MS);
} else {
  const name = isTerminal ? 'AWS_CONTAINER_CREDENTIALS_FULL_URI' : 'AWS_SSO_WINDOW_ROLE_URL';
  fail(`${name} has been changed, and names no endpoint of AWS SSO Authentication. Open a new terminal.`);
}
