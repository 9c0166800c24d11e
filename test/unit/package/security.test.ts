import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

describe('SECURITY.md', () => {
  it('names tests that there are', async () => {
    const text = await readFile('SECURITY.md', 'utf8');
    const named = [...text.matchAll(/`(test\/[\w/.]+\.test\.ts)`(?:: "([^"]+)")?/g)];
    assert.ok(named.length >= 9);
    for (const [, file = '', title = ''] of named) {
      const test = await readFile(file, 'utf8');
      assert.ok(test.includes(title), `${file} has no test "${title}"`);
    }
  });
});
