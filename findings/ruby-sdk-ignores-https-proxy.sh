#!/usr/bin/env bash
# aws-sdk-core 3.168.1 for Ruby 3.1, of Debian 12 (package 3.168.1-2); needs apt-get and Node 20. 3.257.0 with Ruby 3.3 does
#   the same.
# Guess: requests to https URLs go through the proxy that HTTPS_PROXY names, as with the AWS CLI and the SDK for Go.
# Seen: HTTPS_PROXY and https_proxy are not looked at. The proxy in http_proxy is used for https URLs too: Ruby's own
#   library for HTTP asks for the proxy of an http URL, whatever the URL is.
# Matters to: whoever tells users behind a proxy which variable AWS's tools follow: the Ruby SDK needs http_proxy.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download --quiet --quiet ruby-aws-sdk-core=3.168.1-2 ruby-aws-partitions ruby-aws-sigv4 ruby-aws-eventstream \
  ruby-jmespath ruby3.1 libruby3.1 ruby-rubygems libyaml-0-2 >/dev/null 2>&1
for package in *.deb; do dpkg-deb --extract "$package" .; done
cat >call.rb <<'RUBY'
require 'aws-sdk-core'

begin
  # A name that nobody can have: what does not go to the proxy goes nowhere.
  client = Aws::SSOOIDC::Client.new(region: 'us-east-1', endpoint: 'https://identity-center.invalid', retry_limit: 0)
  client.register_client(client_name: 'finding', client_type: 'public')
rescue Seahorse::Client::NetworkingError
  nil # Neither way leads to a service.
end
RUBY
cat >run.mjs <<'JS'
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';

const asked = new Set();
const proxy = createServer().listen(0, '127.0.0.1');
proxy.on('connect', ({ url }, socket) => {
  asked.add(url);
  socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
});
await once(proxy, 'listening');
const here = process.cwd();
const libraries = process.env.RUBY_FOLDERS.split(':').map((path) => `${here}/${path}`);
for (const names of [['https_proxy', 'HTTPS_PROXY'], ['http_proxy']]) {
  asked.clear();
  const env = {
    HOME: here,
    AWS_EC2_METADATA_DISABLED: 'true',
    LD_LIBRARY_PATH: libraries[0],
    RUBYLIB: libraries.slice(1).join(':'),
    ...Object.fromEntries(names.map((name) => [name, `http://127.0.0.1:${proxy.address().port}`])),
  };
  const ruby = execFile('usr/bin/ruby3.1', ['--disable-gems', 'call.rb'], { env });
  ruby.stderr.pipe(process.stderr);
  const [exitCode] = await once(ruby, 'close');
  console.log(`${names.join(' and ')}: the proxy was asked for ${[...asked].join() || 'nothing'}; exit code ${exitCode}`);
}
proxy.closeAllConnections();
proxy.close();
JS
native=$(dirname usr/lib/*/libruby-3.1.so.3.1)
RUBY_FOLDERS=$(printf '%s:' "$native" usr/lib/ruby/vendor_ruby usr/lib/ruby/3.1.0 "$native/ruby/3.1.0" \
  usr/share/rubygems-integration/all/gems/*/lib usr/lib/ruby/gems/*/gems/rexml-*/lib)
export RUBY_FOLDERS=${RUBY_FOLDERS%:}
seen=$(node --no-warnings run.mjs)
expected="https_proxy and HTTPS_PROXY: the proxy was asked for nothing; exit code 0
http_proxy: the proxy was asked for identity-center.invalid:443; exit code 0"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed. It was: $expected" >&2; exit 1; }
