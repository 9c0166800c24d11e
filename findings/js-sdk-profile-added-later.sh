#!/usr/bin/env bash
# @aws-sdk/token-providers 3.1177.0 on Node 20 or later.
# Guess: a profile that is added to ~/.aws/config while a process runs is found by the next provider made in it.
# Seen: a process reads the file once. Every later provider, whatever its profile, gets what was read first, and says
#   that the profile could not be found, until the process ends.
# Matters to: whoever adds a profile while an editor with an extension built on the SDK is open.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @aws-sdk/token-providers@3.1177.0 >/dev/null 2>&1
cat >run.mjs <<'JS'
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';

process.env.HOME = `${process.cwd()}/home`;
mkdirSync('home/.aws/sso/cache', { recursive: true });
function signIn(name) {
  const token = {
    startUrl: 'https://d-1234567890.awsapps.com/start',
    region: 'us-east-1',
    accessToken: `token-of-${name}`,
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  };
  writeFileSync(
    `home/.aws/sso/cache/${createHash('sha1').update(name).digest('hex')}.json`,
    JSON.stringify(token),
  );
  appendFileSync(
    'home/.aws/config',
    `[profile ${name}]\nsso_session = ${name}\n[sso-session ${name}]\n` +
      `sso_start_url = ${token.startUrl}\nsso_region = us-east-1\n`,
  );
}
const { fromSso } = await import('@aws-sdk/token-providers');
for (const name of ['first', 'later']) {
  signIn(name);
  const outcome = await fromSso({ profile: name })().then(({ token }) => token, ({ message }) => message);
  console.log(`${name}: ${outcome}`);
}
JS
seen=$(node --no-warnings run.mjs 2>/dev/null)
expected="first: token-of-first
later: Profile 'later' could not be found in shared credentials file."
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed. It was: $expected" >&2; exit 1; }
