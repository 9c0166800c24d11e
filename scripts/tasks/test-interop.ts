// Tests with outside software that is not in the npm registry: file systems in user space. Installs it where it may,
// which is on Debian and its kin, as root; what is missing then is skipped, and named.
import { spawnSync } from 'node:child_process';
import { runMocha } from '../common/mocha.ts';
import { exitOnSignals } from '../common/process.ts';

const PACKAGES = ['sshfs', 'openssh-sftp-server', 'gocryptfs'];

function isInstalled(name: string): boolean {
  const { status, stdout } = spawnSync('dpkg-query', ['--show', '--showformat=${db:Status-Status}', name]);
  return status === 0 && String(stdout) === 'installed';
}

function install(names: readonly string[]): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    console.log(`Not installed: ${names.join(', ')}. What needs them is skipped.`);
    return;
  }
  const args = ['install', '--yes', '--no-install-recommends', ...names];
  const { status } = spawnSync('apt-get', args, {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) {
    console.log(`Could not be installed: ${names.join(', ')}. What needs them is skipped.`);
  }
}

exitOnSignals();
const missing = PACKAGES.filter((name) => !isInstalled(name));
if (missing.length > 0) install(missing);
const { failed } = await runMocha(['test/interop/**/*.test.ts'], process.argv.slice(2));
process.exitCode = failed === 0 ? 0 : 1;
