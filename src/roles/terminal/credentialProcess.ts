/**
 * A program of its own: the `credential_process` of a role terminal's default profile. Asks the endpoint that the
 * terminal's environment names, and writes what it says; where there is nothing to be had, says why, and fails.
 */
import { get } from 'node:http';

const TIMEOUT_MS = 5000;

const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: token } = process.env;

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

function failGone(): void {
  fail('VS Code no longer answers for this role. Open a new role terminal.');
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
  fail('This profile works only in a role terminal of AWS SSO Authentication.');
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
