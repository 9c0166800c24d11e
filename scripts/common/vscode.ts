import { globSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { withEditors } from '../../test/vscode/endToEnd.ts';
import { runExtensionHostSuite } from '../../test/vscode/extensionHostSuite.ts';
import { startBrowser } from '../../test/vscode/host/browser.ts';
import { provideVsCode, RELEASES } from '../../test/vscode/host/vscode.ts';
import { runMocha } from './mocha.ts';
import { PACKAGE_FILE } from './package.ts';
import { root } from './process.ts';
import type { Stage } from './stages.ts';

/** Where logs, reports and screenshots of the runs in VS Code go. */
export function outputFolder(version: string): string {
  return join(root, 'dist', 'test-output', version);
}

/** The suites in a real VS Code, as stages: inside its extension host, and end to end in a browser. */
export function vscodeStages(release: keyof typeof RELEASES): readonly Stage[] {
  const { version } = RELEASES[release];
  const output = outputFolder(version);
  return [
    {
      title: `In the extension host of VS Code ${version}`,
      run: async () => {
        const vscode = await provideVsCode(RELEASES[release]);
        const browser = await startBrowser();
        try {
          const connected = await chromium.connect(browser.wsEndpoint());
          return await runExtensionHostSuite(vscode, connected, output);
        } finally {
          await browser.close();
        }
      },
    },
    endToEnd(release),
  ];
}

const END_TO_END = ['test/vscode/e2e/**/*.test.ts'];
/** Half of the time a test waits for the editor. */
const EDITORS = 2;

/** The end-to-end suite, or the files that match `patterns`. */
export function endToEnd(
  release: keyof typeof RELEASES,
  patterns: readonly string[] = END_TO_END,
  mochaOptions: readonly string[] = [],
): Stage {
  const { version } = RELEASES[release];
  return {
    title: `End to end in VS Code ${version}`,
    run: async () => {
      const vscode = await provideVsCode(RELEASES[release]);
      const editors = Math.min(EDITORS, globSync([...patterns], { cwd: root }).length);
      const setup = { vscode, extension: PACKAGE_FILE, outputFolder: outputFolder(version), editors };
      const options = ['--timeout=60000', '--parallel', `--jobs=${editors}`, ...mochaOptions];
      return withEditors(setup, (env) => runMocha(patterns, options, env));
    },
  };
}
