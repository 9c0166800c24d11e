import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type BrowserServer, type LaunchOptions } from 'playwright-core';
import { installOnce, runProgram } from './npmInstall.ts';

const CHROMIUM_VERSION = '153.0.0';

// Chrome's own services are of no use in a test, and where the network is closed each try costs time.
const ARGS = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];

type Environment = Readonly<Record<string, string | undefined>>;

/** A way of getting a browser. Gives undefined where it does not apply. */
type Source = () => Promise<LaunchOptions | undefined>;

/** Where Chrome, Edge and Chromium are, once installed. Trying to launch a missing one would leave files behind. */
const INSTALLED: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge', '/usr/bin/chromium'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

const installed: Source = async () => {
  const executablePath = INSTALLED[process.platform]?.find((path) => existsSync(path));
  return executablePath === undefined ? undefined : { executablePath };
};

/** A Chromium that brings its own libraries and fonts, as an npm package: for Linux without a desktop. */
function packagedChromium(env: Environment): Source {
  return async () => {
    if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
    const home = await installOnce({
      name: `chromium-${CHROMIUM_VERSION}`,
      title: 'Chromium for the tests',
      dependencies: { '@sparticuz/chromium': CHROMIUM_VERSION },
      complete: unpackChromium,
    });
    const libraries = [join(home, 'al2023', 'lib'), env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
    return {
      executablePath: join(home, 'chromium'),
      env: { ...env, LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: join(home, 'fonts.conf') },
    };
  };
}

/** The package unpacks itself into the folder for temporary files, so that is where the call has it. */
async function unpackChromium(folder: string, home: string): Promise<void> {
  const script = `import chromium from '@sparticuz/chromium'; await chromium.executablePath();`;
  await runProgram(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: folder,
    // The second makes it unpack the libraries too, for a machine that lacks them.
    env: { ...process.env, TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' },
  });
  const fonts = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>/usr/share/fonts</dir><dir>${join(home, 'fonts')}</dir><cachedir>${join(home, 'font-cache')}</cachedir>
</fontconfig>`;
  await writeFile(join(folder, 'fonts.conf'), fonts);
}

/** What Playwright itself downloads, where its download can be reached. */
const DOWNLOADED: Source = async () => {
  console.log('Downloading a browser for the tests (once)…');
  const cli = join(import.meta.dirname, '../../../node_modules/playwright-core/cli.js');
  await runProgram(process.execPath, [cli, 'install', '--only-shell', 'chromium'], { cwd: process.cwd() });
  return {};
};

/**
 * Starts a headless browser that other processes can connect to: one that is installed, else one from a package
 * or a download.
 * @throws Error that says what was tried and what to install
 */
export async function startBrowser(env: Environment = process.env): Promise<BrowserServer> {
  const failures: string[] = [];
  for (const source of [installed, packagedChromium(env), DOWNLOADED]) {
    try {
      const options = await source();
      // Chromium's sandbox cannot be used by root, as in a container.
      const args = process.getuid?.() === 0 ? [...ARGS, '--no-sandbox'] : ARGS;
      if (options !== undefined) return await chromium.launchServer({ ...options, args });
    } catch (error) {
      failures.push(error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error));
    }
  }
  throw new Error(
    `No browser could be started. Install Google Chrome, Microsoft Edge or Chromium. What was tried:\n` +
      failures.map((failure) => `- ${failure}`).join('\n'),
  );
}
