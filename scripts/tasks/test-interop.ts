// Tests with outside software: file systems in user space, and AWS's own tools. Installs it where it may; what is missing
// then is skipped, and named. `--write` puts what was seen of AWS's tools into docs/interop.md.
import { spawnSync } from 'node:child_process';
import { installPrograms } from '../../test/interop/places/install.ts';
import { ROLE_TOOLS } from '../../test/interop/roles/tools.ts';
import { TOOLS as SHARING_TOOLS } from '../../test/interop/sharing/tools.ts';
import { endToEnd } from '../common/vscode.ts';
import { packageExtension } from '../common/package.ts';
import { runMocha } from '../common/mocha.ts';
import { exitOnSignals } from '../common/process.ts';
import { runStages } from '../common/stages.ts';

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
const args = process.argv.slice(2);
const options = args.filter((arg) => arg !== '--write');
const isWritten = options.length < args.length;
const missing = PACKAGES.filter((name) => !isInstalled(name));
if (missing.length > 0) install(missing);
await installPrograms([...SHARING_TOOLS, ...ROLE_TOOLS]);
// The windows of these tests start a program of it, as VS Code does.
console.log(await packageExtension());
await runStages([
  {
    title: 'Outside software',
    run: () =>
      runMocha(['test/interop/{,roles/,sharing/}*.test.ts'], options, {
        ...process.env,
        ...(isWritten && { INTEROP_WRITE: '1' }),
      }),
  },
  {
    ...endToEnd('newest', ['test/interop/vscode/*.test.ts'], options),
    title: 'Outside software in the terminals of VS Code',
  },
]);
