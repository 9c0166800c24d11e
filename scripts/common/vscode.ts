import { join } from 'node:path';
import { chromium, type BrowserServer } from 'playwright-core';
import { withEditor } from '../../test/vscode/endToEnd.ts';
import { runExtensionHostSuite } from '../../test/vscode/extensionHostSuite.ts';
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
export function vscodeStages(
  release: keyof typeof RELEASES,
  browser: () => Promise<BrowserServer>,
): readonly Stage[] {
  const { version } = RELEASES[release];
  const output = outputFolder(version);
  return [
    {
      title: `In the extension host of VS Code ${version}`,
      run: async () => {
        const vscode = await provideVsCode(RELEASES[release]);
        const connected = await chromium.connect((await browser()).wsEndpoint());
        try {
          return await runExtensionHostSuite(vscode, connected, output);
        } finally {
          await connected.close();
        }
      },
    },
    endToEnd(release, browser),
  ];
}

const END_TO_END = ['test/vscode/e2e/**/*.test.ts'];

/** The end-to-end suite, or the files that match `patterns`. */
export function endToEnd(
  release: keyof typeof RELEASES,
  browser: () => Promise<BrowserServer>,
  patterns: readonly string[] = END_TO_END,
  mochaOptions: readonly string[] = [],
): Stage {
  const { version } = RELEASES[release];
  return {
    title: `End to end in VS Code ${version}`,
    run: async () => {
      const vscode = await provideVsCode(RELEASES[release]);
      const browserEndpoint = (await browser()).wsEndpoint();
      const options = {
        vscode,
        browserEndpoint,
        extension: PACKAGE_FILE,
        outputFolder: outputFolder(version),
      };
      return withEditor(options, (env) => runMocha(patterns, ['--timeout=60000', ...mochaOptions], env));
    },
  };
}
