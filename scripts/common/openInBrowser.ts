import open from 'open';

/** Opens a page in the user's browser. Returns whether there is a desktop to do so. */
export async function openInBrowser(url: URL, env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  if (!hasDesktop(env)) return false;
  try {
    await open(url.href);
    return true;
  } catch {
    // Its failure is no failure of ours: the URL is printed.
    return false;
  }
}

function hasDesktop(env: NodeJS.ProcessEnv): boolean {
  if (env['CI'] || env['SSH_CONNECTION']) return false;
  const hasDisplay = env['DISPLAY'] || env['WAYLAND_DISPLAY'];
  return process.platform === 'darwin' || process.platform === 'win32' || Boolean(hasDisplay);
}
