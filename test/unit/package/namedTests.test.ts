import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { nonEmpty } from '../support/nonEmpty.ts';

/** The tests that a text names, as `file`: "title". A title may be a part of one; none means the whole file. */
function testsNamedIn(text: string): readonly { readonly file: string; readonly title: string }[] {
  const named = text.matchAll(/`(test\/[\w/.-]+\.test\.ts)`(?:: "([^"]+)")?/g);
  return [...named].map(([, file = '', title = '']) => ({ file, title }));
}

/** The lines of the named tests that hold their titles. @throws AssertionError for a test that is not there */
async function titlesNamedIn(text: string): Promise<string> {
  const found: string[] = [];
  for (const { file, title } of testsNamedIn(text)) {
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.includes(title));
    assert.ok(lines.length > 0, `${file} has no test "${title}"`);
    found.push(...lines);
  }
  return found.join('\n');
}

for (const document of ['SECURITY.md', 'docs/peers.md']) {
  describe(document, () => {
    it('names tests that there are', async () => {
      const text = await readFile(document, 'utf8');
      assert.ok(testsNamedIn(text).length >= 9);
      await titlesNamedIn(text);
    });
  });
}

/** All pains, and those that are not met yet. */
const PAINS = 43;
const NOT_MET: readonly number[] = [];

describe('the table in docs/peers.md', () => {
  it('has every report but those listed as not met yet, and each is in the title of a test it names', async () => {
    const text = await readFile('docs/peers.md', 'utf8');
    const rows = [...text.matchAll(/^\| (\d+) .*$/gm)];
    const met = Array.from({ length: PAINS }, (_, index) => index + 1).filter(
      (number) => !NOT_MET.includes(number),
    );
    assert.deepEqual(
      rows.map(([, number]) => Number(number)),
      met,
    );
    const [, below = ''] = text.split('\n## Not met yet\n');
    const notMet = [...below.matchAll(/^- \*\*(\d+)\*\*/gm)];
    assert.deepEqual(
      notMet.map(([, number]) => Number(number)),
      NOT_MET,
    );
    for (const [row, number] of rows) {
      const reports = nonEmpty(`report of pain ${number}`, row.matchAll(/[\w-]+\/([\w-]+)#(\d+)/g));
      const titles = await titlesNamedIn(row);
      for (const [report, repository, id] of reports) {
        assert.match(titles, new RegExp(`\\b${repository}( PR)?#${id}\\b`), `no test named has ${report}`);
      }
    }
  });
});
