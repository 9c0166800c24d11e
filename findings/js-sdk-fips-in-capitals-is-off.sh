#!/usr/bin/env bash
# @aws-sdk/client-sso-oidc 3.1164.0 on Node 20 or later.
# Guess: AWS_USE_FIPS_ENDPOINT=True, as Python programs write it, turns FIPS on, as it does for botocore and the AWS CLI,
#   which take any case; or it is an error, since the SDK has a message for other words than true and false.
# Seen: neither. FIPS stays off without a word, and so it does for TRUE, and for use_fips_endpoint = True in the file.
# Matters to: whoever must use FIPS endpoints, and checks that the variable is set.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @aws-sdk/client-sso-oidc@3.1164.0 >/dev/null 2>&1
cat >run.mjs <<'JS'
import { mkdirSync, writeFileSync } from 'node:fs';

process.env.HOME = `${process.cwd()}/home`;
mkdirSync('home/.aws', { recursive: true });
const profile = (name, fips) => `[profile ${name}]\nregion = eu-west-1\n${fips}`;
writeFileSync(
  'home/.aws/config',
  profile('plain', '') + profile('small', 'use_fips_endpoint = true\n') + profile('capital', 'use_fips_endpoint = True\n'),
);
const { RegisterClientCommand, SSOOIDCClient } = await import('@aws-sdk/client-sso-oidc');
async function hostOf(name, variable) {
  delete process.env.AWS_USE_FIPS_ENDPOINT;
  Object.assign(process.env, variable === undefined ? {} : { AWS_USE_FIPS_ENDPOINT: variable });
  let host;
  const handle = async ({ hostname }) => {
    host = hostname;
    throw new Error('sent nowhere');
  };
  const client = new SSOOIDCClient({ profile: name, maxAttempts: 1, requestHandler: { handle } });
  const request = new RegisterClientCommand({ clientName: 'a', clientType: 'public' });
  await client.send(request).catch((error) => (host ??= error.message));
  return host;
}
for (const variable of ['true', 'True', 'TRUE']) {
  console.log(`AWS_USE_FIPS_ENDPOINT=${variable}: ${await hostOf('plain', variable)}`);
}
for (const name of ['small', 'capital']) {
  console.log(`${name} in the file: ${await hostOf(name)}`);
}
JS
seen=$(node --no-warnings run.mjs 2>/dev/null)
expected="AWS_USE_FIPS_ENDPOINT=true: oidc-fips.eu-west-1.amazonaws.com
AWS_USE_FIPS_ENDPOINT=True: oidc.eu-west-1.amazonaws.com
AWS_USE_FIPS_ENDPOINT=TRUE: oidc.eu-west-1.amazonaws.com
small in the file: oidc-fips.eu-west-1.amazonaws.com
capital in the file: oidc.eu-west-1.amazonaws.com"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed. It was: $expected" >&2; exit 1; }
