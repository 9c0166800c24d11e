#!/usr/bin/env bash
# @aws-sdk/token-providers 3.1177.0 on Node 20 or later, on Linux with prlimit (util-linux).
# Guess: a refreshed token that cannot be saved is an error, or the file stays as it was.
# Seen: neither. Where nothing can be written (here: a limit of 0 bytes a file, in place of a full disk), the call
#   succeeds without a word and leaves a file of 0 bytes. The rotated refresh token was only in that process, so the
#   next process, whichever tool it is, has to sign in again.
# Matters to: whoever reads the AWS CLI's token file: an empty one is no sign-out.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @aws-sdk/token-providers@3.1177.0 >/dev/null 2>&1
cat >run.mjs <<'JS'
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({ accessToken: 'new-access', refreshToken: 'new', expiresIn: 3600, tokenType: 'Bearer' }),
  );
}).listen(0, '127.0.0.1');
await once(server, 'listening');
process.env.HOME = `${process.cwd()}/home`;
process.env.AWS_ENDPOINT_URL_SSO_OIDC = `http://127.0.0.1:${server.address().port}`;
mkdirSync('home/.aws/sso/cache', { recursive: true });
const startUrl = 'https://d-1234567890.awsapps.com/start';
writeFileSync(
  'home/.aws/config',
  `[profile corp]\nsso_session = corp\n[sso-session corp]\nsso_start_url = ${startUrl}\nsso_region = us-east-1\n`,
);
const file = `home/.aws/sso/cache/${createHash('sha1').update('corp').digest('hex')}.json`;
writeFileSync(
  file,
  JSON.stringify({
    startUrl,
    region: 'us-east-1',
    accessToken: 'access',
    expiresAt: new Date(Date.now() - 60_000).toISOString(),
    clientId: 'client',
    clientSecret: 'secret',
    registrationExpiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    refreshToken: 'refresh',
  }),
);
const { fromSso } = await import('@aws-sdk/token-providers');
execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=0']);
const outcome = await fromSso({ profile: 'corp' })().then(({ token }) => token, ({ message }) => message);
console.log(`answer: ${outcome}\nfile: ${statSync(file).size} bytes`);
server.closeAllConnections();
server.close();
JS
seen=$(node --no-warnings run.mjs 2>/dev/null | cat)
expected="answer: new-access
file: 0 bytes"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed. It was: $expected" >&2; exit 1; }
