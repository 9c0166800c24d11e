import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { nonEmpty } from '../support/nonEmpty.ts';
import { readTexts } from '../support/packageTexts.ts';

async function json(path: string): Promise<Readonly<Record<string, never>>> {
  return JSON.parse(await readFile(path, 'utf8')) as Readonly<Record<string, never>>;
}

describe('the README', () => {
  for (const example of ['showAccount', 'listBuckets', 'registerClient']) {
    it(`shows the example ${example} as it stands, compiles and runs`, async () => {
      const readme = await readFile('README.md', 'utf8');
      const code = await readFile(`examples/${example}.ts`, 'utf8');
      assert.ok(readme.includes(`\`\`\`ts\n${code}\`\`\``), `copy examples/${example}.ts into the README`);
    });
  }

  it('gets from a session to a client of the AWS SDK in less than 25 lines', async () => {
    const code = await readFile('examples/listBuckets.ts', 'utf8');
    assert.ok(code.trimEnd().split('\n').length < 25, code);
  });

  it('lists every setting, and no other', async () => {
    const readme = await readFile('README.md', 'utf8');
    const manifest = (await json('package.json')) as unknown as {
      contributes: { configuration: { properties: object } };
    };
    const settings = Object.keys(manifest.contributes.configuration.properties);
    const listed = [...readme.matchAll(/^\| `(awsSso\.\w+)`/gm)].map(([, name]) => name);
    assert.deepEqual(new Set(listed), new Set(settings));
  });

  it('names only commands that there are', async () => {
    const readme = await readFile('README.md', 'utf8');
    const { scripts } = (await json('package.json')) as unknown as { scripts: Record<string, string> };
    const texts = readTexts('package.nls.json');
    const scriptsNamed = readme.matchAll(/npm (?:run ([\w:-]+)|(?:start|test)\b)/g);
    for (const [, script = ''] of nonEmpty('npm script', scriptsNamed)) {
      assert.ok(script === '' || script in scripts, `there is no npm script ${script}`);
    }
    const commandsNamed = readme.matchAll(/\*\*AWS SSO: ([^*]+)\*\*/g);
    for (const [, title = ''] of nonEmpty('command', commandsNamed)) {
      assert.ok(Object.values(texts).includes(title), `there is no command AWS SSO: ${title}`);
    }
  });
});
