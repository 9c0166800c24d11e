#!/usr/bin/env bash
# rclone 1.60.1 of Debian 12 (package 1.60.1+dfsg-2+b5, built with the AWS SDK for Go v1); needs apt-get and Node 20.
# Guess: with a profile that signs in by Identity Center, the role's credentials come from Identity Center, whichever S3
#   endpoint the remote names.
# Seen: a remote's endpoint counts for every service. GetRoleCredentials goes to the S3 server, with the access token of
#   Identity Center in its header, and what that answers is the user's error. rclone 1.75.2 (SDK for Go v2) asks
#   Identity Center.
# Matters to: whoever gives other tools the token, and whoever tests rclone with a server of their own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download --quiet --quiet rclone=1.60.1+dfsg-2+b5 >/dev/null 2>&1
dpkg-deb --extract rclone_*.deb .
cat >run.mjs <<'JS'
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const asked = new Set();
const server = createServer(({ method, url, headers }, response) => {
  asked.add(`${method} ${url.split('?')[0]} with ${headers['x-amz-sso_bearer_token'] ?? 'no token'}`);
  response.statusCode = 404;
  response.end();
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const home = `${process.cwd()}/home`;
const startUrl = 'https://d-1234567890.awsapps.com/start';
mkdirSync(`${home}/.aws/sso/cache`, { recursive: true });
writeFileSync(
  `${home}/.aws/config`,
  `[profile corp]\nsso_start_url = ${startUrl}\nsso_region = us-east-1\n` +
    'sso_account_id = 123456789012\nsso_role_name = Reader\nregion = us-east-1\n',
);
const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
writeFileSync(
  `${home}/.aws/sso/cache/${createHash('sha1').update(startUrl).digest('hex')}.json`,
  JSON.stringify({ startUrl, region: 'us-east-1', accessToken: 'the-access-token', expiresAt }),
);
const remote = `:s3,provider=Minio,env_auth=true,endpoint="http://127.0.0.1:${server.address().port}":`;
const env = { HOME: home, AWS_PROFILE: 'corp', AWS_SDK_LOAD_CONFIG: '1' };
const rclone = execFile('usr/bin/rclone', ['lsd', remote, '--retries=1', '--low-level-retries=1'], { env });
const [exitCode] = await once(rclone, 'close');
console.log(`exit code ${exitCode}; the S3 server was asked:\n${[...asked].join('\n')}`);
server.closeAllConnections();
server.close();
JS
seen=$(node --no-warnings run.mjs 2>/dev/null)
expected="exit code 1; the S3 server was asked:
GET /federation/credentials with the-access-token"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed. It was: $expected" >&2; exit 1; }
