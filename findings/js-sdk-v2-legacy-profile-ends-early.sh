#!/usr/bin/env bash
# aws-sdk 2.1693.0 (the AWS SDK for JavaScript v2) on Node 20 or later.
# Guess: a profile of the older format (sso_start_url in the profile) works for as long as its token does, as it does with
#   the SDKs for JavaScript v3, Python and Ruby, which were tried too, with 10 minutes and with 1 minute left.
# Seen: from 15 minutes before the end on, the token counts as expired: the call fails, and the user is told to sign in
#   again. Nothing refreshes the token for such a profile, so a token of an hour serves 45 minutes.
# Matters to: whoever refreshes the file of such a profile for others: 15 minutes before the end is too late.
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
  `[profile corp]\nsso_start_url = ${startUrl}\nsso_region = us-east-1\n` +
    'sso_account_id = 123456789012\nsso_role_name = Reader\n',
);

async function main() {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    const expiration = Date.now() + 3_600_000;
    const roleCredentials = { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'session', expiration };
    response.end(JSON.stringify({ roleCredentials }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const AWS = require('aws-sdk');
  AWS.config.update({ sso: { endpoint: `http://127.0.0.1:${server.address().port}` } });
  for (const minutes of [16, 14]) {
    const expiresAt = new Date(Date.now() + minutes * 60_000).toISOString();
    writeFileSync(
      `home/.aws/sso/cache/${createHash('sha1').update(startUrl).digest('hex')}.json`,
      JSON.stringify({ startUrl, region: 'us-east-1', accessToken: 'access', expiresAt }),
    );
    const credentials = new AWS.SsoCredentials({ profile: 'corp' });
    const outcome = await credentials.getPromise().then(() => 'credentials', ({ message }) => message);
    console.log(`${minutes} minutes left: ${outcome}`);
  }
  server.closeAllConnections();
  server.close();
}
void main();
JS
seen=$(node --no-warnings run.cjs 2>/dev/null)
expected="16 minutes left: credentials
14 minutes left: The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login with the corresponding profile."
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed. It was: $expected" >&2; exit 1; }
