#!/usr/bin/env bash
# @aws-sdk/token-providers 3.1177.0 on Node 20 or later.
# Guess: a token whose client registration ended a day ago is not refreshed; the user is told to sign in.
# Seen: registrationExpiresAt is not looked at. The refresh is sent with the client that has ended, so it is the service
#   that has to say no, and its error is what the user reads.
# Matters to: whoever writes the AWS CLI's token file for others to refresh: the time has to be right for the AWS CLI,
#   and keeps nobody else from sending.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @aws-sdk/token-providers@3.1177.0 >/dev/null 2>&1
cat >run.mjs <<'JS'
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const sent = [];
const server = createServer(async (request, response) => {
  const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
  sent.push(`${request.method} ${request.url} by ${body.clientId}`);
  response.setHeader('content-type', 'application/json');
  response.statusCode = 401;
  response.end(JSON.stringify({ error: 'invalid_client', error_description: 'Client registration expired' }));
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
writeFileSync(
  `home/.aws/sso/cache/${createHash('sha1').update('corp').digest('hex')}.json`,
  JSON.stringify({
    startUrl,
    region: 'us-east-1',
    accessToken: 'access',
    expiresAt: new Date(Date.now() - 60_000).toISOString(),
    clientId: 'ended-client',
    clientSecret: 'secret',
    registrationExpiresAt: new Date(Date.now() - 86_400_000).toISOString(),
    refreshToken: 'refresh',
  }),
);
const { fromSso } = await import('@aws-sdk/token-providers');
await fromSso({ profile: 'corp' })().then(
  () => console.log('a token'),
  () => console.log('an error'),
);
console.log(sent.join('\n'));
server.closeAllConnections();
server.close();
JS
seen=$(node --no-warnings run.mjs 2>/dev/null)
expected="an error
POST /token by ended-client"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed. It was: $expected" >&2; exit 1; }
