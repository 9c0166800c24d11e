#!/usr/bin/env bash
# GDAL 3.6.2 of Debian 12 (package gdal-bin 3.6.2+dfsg-1+b2); needs apt-get and Node 20. 3.13.3 of Debian unstable does the same.
# Guess: /vsis3/ reads the credentials file that AWS_SHARED_CREDENTIALS_FILE names, as it reads the configuration that
#   AWS_CONFIG_FILE names, and as every SDK of AWS does.
# Seen: AWS_SHARED_CREDENTIALS_FILE is not looked at. The request is signed with the keys of ~/.aws/credentials, whoever's
#   they are. CPL_AWS_CREDENTIALS_FILE, GDAL's own variable, is what names another file.
# Matters to: whoever keeps tools from ~/.aws/credentials by AWS's variable: GDAL is then somebody else, without a word.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# _apt, the user that downloads, writes here.
chmod 777 .
version=3.6.2+dfsg-1+b2
# What it needs of which this machine has nothing yet.
needed=$(apt-get install --simulate --no-install-recommends "gdal-bin=$version" | sed -n 's/^Inst \([^ ]*\).*/\1/p')
apt-get download --quiet --quiet $needed "gdal-bin=$version" >/dev/null 2>&1
for package in *.deb; do dpkg-deb --extract "$package" debian; done
cat >run.mjs <<'JS'
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

let key;
const server = createServer(({ headers }, response) => {
  key = /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1];
  response.statusCode = 404;
  response.end();
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const folder = process.cwd();
const profile = (name) => `[default]\naws_access_key_id = ${name}\naws_secret_access_key = secret\n`;
mkdirSync('home/.aws', { recursive: true });
writeFileSync('home/.aws/credentials', profile('of-the-home'));
writeFileSync('credentials', profile('of-the-variable'));
const libraries = `${folder}/debian/usr/lib/x86_64-linux-gnu`;
for (const variable of ['AWS_SHARED_CREDENTIALS_FILE', 'CPL_AWS_CREDENTIALS_FILE']) {
  key = undefined;
  const env = {
    HOME: `${folder}/home`,
    LD_LIBRARY_PATH: [libraries, `${folder}/debian/usr/lib`, `${libraries}/blas`, `${libraries}/lapack`].join(':'),
    AWS_S3_ENDPOINT: `127.0.0.1:${server.address().port}`,
    AWS_HTTPS: 'NO',
    AWS_VIRTUAL_HOSTING: 'FALSE',
    CPL_AWS_AUTODETECT_EC2: 'NO',
    AWS_EC2_METADATA_DISABLED: 'true',
    [variable]: `${folder}/credentials`,
  };
  const gdalinfo = execFile(`${folder}/debian/usr/bin/gdalinfo`, ['/vsis3/bucket/map.tif'], { env });
  await once(gdalinfo, 'close');
  console.log(`${variable}: the key ${key}`);
}
server.closeAllConnections();
server.close();
JS
seen=$(node --no-warnings run.mjs 2>/dev/null)
expected="AWS_SHARED_CREDENTIALS_FILE: the key of-the-home
CPL_AWS_CREDENTIALS_FILE: the key of-the-variable"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed. It was: $expected" >&2; exit 1; }
