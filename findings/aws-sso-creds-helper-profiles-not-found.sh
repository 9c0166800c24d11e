#!/usr/bin/env bash
# aws-sso-creds-helper 1.12.0 (the command ssocreds) on Node 20 or later.
# Guess: a profile named with a dot, such as "acme.dev", is found; the AWS CLI and the SDKs take such names.
# Seen: it is said not to exist. The package reads ~/.aws/config with the npm package ini, to which a dot in a section's
#   name starts a nested section. A sso-session with a dot in its name is not found either, nor one without
#   sso_registration_scopes, which the AWS CLI does not need.
# Matters to: whoever proposes names for profiles and sso-sessions.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts aws-sso-creds-helper@1.12.0 >/dev/null 2>&1
cat >run.cjs <<'JS'
const { mkdirSync, writeFileSync } = require('node:fs');

process.env.HOME = `${process.cwd()}/home`;
mkdirSync('home/.aws', { recursive: true });
const profile = (name, session) =>
  `[profile ${name}]\nsso_session = ${session}\nsso_account_id = 123456789012\nsso_role_name = Reader\n` +
  `region = us-east-1\n`;
const bare = (name) =>
  `[sso-session ${name}]\nsso_start_url = https://d-1234567890.awsapps.com/start\nsso_region = us-east-1\n`;
const session = (name) => `${bare(name)}sso_registration_scopes = sso:account:access\n`;
writeFileSync(
  'home/.aws/config',
  [
    session('corp'),
    session('corp.eu'),
    bare('bare'),
    profile('acme-dev', 'corp'),
    profile('acme.dev', 'corp'),
    profile('acme-eu', 'corp.eu'),
    profile('acme-bare', 'bare'),
  ].join(''),
);
const { getProfile } = require('aws-sso-creds-helper/lib/sso-creds.js');
for (const name of ['acme-dev', 'acme.dev', 'acme-eu', 'acme-bare']) {
  try {
    console.log(`${name}: ${getProfile(name).sso_start_url}`);
  } catch (error) {
    console.log(`${name}: ${error.constructor.name}`);
  }
}
JS
seen=$(node --no-warnings run.cjs 2>/dev/null)
expected="acme-dev: https://d-1234567890.awsapps.com/start
acme.dev: ProfileNotFoundError
acme-eu: InvalidProfile
acme-bare: InvalidProfile"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed. It was: $expected" >&2; exit 1; }
