#!/usr/bin/env bash
# @aws-sdk/client-sso-oidc 3.1164.0 on Node 20 or later.
# Guess: a client that is made for a profile, `new SSOOIDCClient({ profile })`, has the profile's region, FIPS option and
#   endpoint_url, as a session of botocore for that profile has.
# Seen: region and FIPS option are the profile's; the endpoint is that of AWS_PROFILE or the default profile, which the
#   request goes to with whatever it holds. A profile's private endpoint counts only when AWS_PROFILE names the profile.
# Matters to: whoever has profiles with endpoints of their own, and gives a client one of them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @aws-sdk/client-sso-oidc@3.1164.0 >/dev/null 2>&1
cat >run.mjs <<'JS'
import { mkdirSync, writeFileSync } from 'node:fs';

process.env.HOME = `${process.cwd()}/home`;
mkdirSync('home/.aws', { recursive: true });
writeFileSync(
  'home/.aws/config',
  `[default]\nregion = us-east-1\nendpoint_url = https://default.example\n` +
    `[profile private]\nregion = eu-west-1\nendpoint_url = https://private.example\n`,
);
const { RegisterClientCommand, SSOOIDCClient } = await import('@aws-sdk/client-sso-oidc');
async function about(config) {
  const client = new SSOOIDCClient({ ...config, maxAttempts: 1, requestHandler: { handle } });
  let host;
  async function handle({ hostname }) {
    host = hostname;
    throw new Error('sent nowhere');
  }
  const request = new RegisterClientCommand({ clientName: 'a', clientType: 'public' });
  await client.send(request).catch(() => undefined);
  return `${await client.config.region()} at ${host}`;
}
console.log(`without a profile: ${await about({})}`);
console.log(`profile private: ${await about({ profile: 'private' })}`);
process.env.AWS_PROFILE = 'private';
console.log(`AWS_PROFILE=private: ${await about({})}`);
JS
seen=$(node --no-warnings run.mjs 2>/dev/null)
expected="without a profile: us-east-1 at default.example
profile private: eu-west-1 at default.example
AWS_PROFILE=private: eu-west-1 at private.example"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed. It was: $expected" >&2; exit 1; }
