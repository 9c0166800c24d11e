import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { packageFolder } from './packageConsumer.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
const COMMANDS = {
  showAccount: 'Show Account',
  listBuckets: 'List Buckets',
  registerClient: 'Register a Client',
};

/** Packs an extension made of the README's examples. Returns the path of the package. */
export async function packageExamples(): Promise<string> {
  const folder = join(root, 'dist', 'test-examples');
  mkdirSync(folder, { recursive: true });
  const manifest = {
    publisher: 'identity-center-tools-test',
    name: 'examples',
    version: '0.0.1',
    engines: { vscode: '^1.105.0' },
    main: './extension.cjs',
    activationEvents: [],
    contributes: {
      commands: Object.entries(COMMANDS).map(([name, title]) => ({
        command: `example.${name}`,
        title,
        category: 'Example',
      })),
    },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const imports = Object.keys(COMMANDS).map((name) => `import * as ${name} from './${name}.ts';`);
  const calls = Object.keys(COMMANDS).map((name) => `${name}.activate(context);`);
  await build({
    stdin: {
      contents: `${imports.join('\n')}\nexport function activate(context) {\n${calls.join('\n')}\n}`,
      resolveDir: join(root, 'examples'),
    },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    external: ['vscode'],
    outfile: join(folder, 'extension.cjs'),
  });
  return packageFolder(folder, join(root, 'dist', 'test-examples.vsix'));
}
