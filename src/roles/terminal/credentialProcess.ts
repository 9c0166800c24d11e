/**
 * A program of its own: the `credential_process` of the default profile in role terminals, and in a window with a role.
 * Asks the endpoint that the terminal's environment names, else the one that the window's does, and writes what it says;
 * where there is nothing to be had, says why, and fails.
 */
import { get } from 'node:http';

const TIMEOUT_MS = 5000;

const { env } = process;
const isTerminal = env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] !== undefined;
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

function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    return typeof message === 'string' ? message : text;
  } catch {
    return text;
  }
}

if (url === undefined || token === undefined) {
  fail('This profile works only in a role terminal, or a window with a role, of AWS SSO Authentication.');
} else {
  const request = get(url, { headers: { authorization: token }, timeout: TIMEOUT_MS }, (response) => {
    const chunks: Buffer[] = [];
    response.on('error', failGone);
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      if (response.statusCode === 200) {
        process.stdout.write(text);
      } else {
        fail(messageOf(text));
      }
    });
  });
  request.on('timeout', () => request.destroy(new Error('no answer')));
  request.on('error', failGone);
}
