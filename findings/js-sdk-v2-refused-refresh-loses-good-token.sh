#!/usr/bin/env bash
# aws-sdk 2.1693.0 (the AWS SDK for JavaScript v2) on Node 20 or later.
# Guess: while a token is still good, a refresh that is refused changes nothing: the call goes on with that token, as with
#   the AWS CLI and the SDK for JavaScript v3.
# Seen: the call fails, and with words that have nothing to do with it: GetRoleCredentials is sent with no token at all,
#   which the SDK's own check of parameters turns down. It happens in the last 5 minutes, in which this SDK refreshes.
# Matters to: whoever refreshes the token for this SDK: leave it nothing to refresh, for its failure costs the call.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts aws-sdk@2.1693.0 >/dev/null 2>&1
cat >run.cjs <<'JS'
const { createHash } = require('node:crypto');
const { once } = require('node:events');
const { mkdirSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:http');

process.env.HOME = `${process.cwd()}/home`;
process.env.AWS_SDK_LOAD_CONFIG = '1';
const startUrl = 'https://d-1234567890.awsapps.com/start';
mkdirSync('home/.aws/sso/cache', { recursive: true });
writeFileSync(
  'home/.aws/config',
  '[profile corp]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Reader\n' +
    `[sso-session corp]\nsso_start_url = ${startUrl}\nsso_region = us-east-1\n`,
);

async function main() {
  let asked = [];
  const server = createServer((request, response) => {
    const isRefresh = request.url === '/token';
    asked.push(isRefresh ? 'refresh' : 'role credentials');
    response.setHeader('content-type', 'application/json');
    response.statusCode = isRefresh ? 400 : 200;
    const expiration = Date.now() + 3_600_000;
    const roleCredentials = { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'session', expiration };
    response.end(JSON.stringify(isRefresh ? { error: 'invalid_grant' } : { roleCredentials }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  const AWS = require('aws-sdk');
  AWS.config.update({ sso: { endpoint }, ssooidc: { endpoint } });
  for (const minutes of [6, 4]) {
    asked = [];
    writeFileSync(
      `home/.aws/sso/cache/${createHash('sha1').update('corp').digest('hex')}.json`,
      JSON.stringify({
        startUrl,
        region: 'us-east-1',
        accessToken: 'access',
        expiresAt: new Date(Date.now() + minutes * 60_000).toISOString(),
        clientId: 'client',
        clientSecret: 'secret',
        registrationExpiresAt: new Date(Date.now() + 86_400_000).toISOString(),
        refreshToken: 'refresh',
      }),
    );
    const credentials = new AWS.SsoCredentials({ profile: 'corp' });
    const outcome = await credentials.getPromise().then(() => 'credentials', ({ message }) => message);
    console.log(`${minutes} minutes left, asked for ${asked.join(' and ')}: ${outcome}`);
  }
  server.closeAllConnections();
  server.close();
}
void main();
JS
seen=$(node --no-warnings run.cjs 2>/dev/null)
expected="6 minutes left, asked for role credentials: credentials
4 minutes left, asked for refresh: Missing required key 'accessToken' in params"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed. It was: $expected" >&2; exit 1; }
