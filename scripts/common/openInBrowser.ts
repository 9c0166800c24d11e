import { spawn } from 'node:child_process';

/** Opens a page in the person's browser. Returns whether there is a desktop to do so. */
export function openInBrowser(url: URL, env: NodeJS.ProcessEnv = process.env): boolean {
  const [command, ...args] = opener(env);
  if (command === undefined) return false;
  const child = spawn(command, [...args, url.href], { stdio: 'ignore', detached: true });
  // Its failure is no failure of ours: the URL is printed.
  child.once('error', () => {});
  child.unref();
  return true;
}

function opener(env: NodeJS.ProcessEnv): readonly string[] {
  if (env['CI'] || env['SSH_CONNECTION']) return [];
  switch (process.platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      return ['explorer'];
    default:
      return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open'] : [];
  }
}
