import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';

const ROOT = new URL('../../../', import.meta.url);

interface Row {
  readonly names: readonly string[];
  readonly file: string;
}

/** The rows of the walks: what is called, and the file that it is said to be in. */
function rows(): readonly Row[] {
  const text = readFileSync(new URL('docs/walks.md', ROOT), 'utf8');
  let folder = '';
  return text.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const [, call = '', where = ''] = cells;
    folder = /^in `(.+)`$/.exec(where)?.[1] ?? folder;
    const [file] = [...where.matchAll(/`([\w/]+\.ts)`/g)].map((match) => match[1] ?? '');
    const called = file !== undefined && where.startsWith('`') && !where.includes('(') ? call : where;
    const names = [...called.matchAll(/`([A-Za-z]+)(?:\.(#?\w+))?`/g)].map(
      ([, name = '', member]) => member ?? name,
    );
    if (file === undefined) {
      return [];
    }
    const inFolder = called === call ? `${folder}/${file}` : `src/${file}`;
    return [{ names, file: inFolder }];
  });
}

describe('the walks of docs/walks.md', () => {
  it('lead to files that are there, and to what they name in them', () => {
    const found = rows();
    assert.ok(found.length >= 24, `only ${found.length} rows`);
    for (const { names, file } of found) {
      const path = new URL(file, ROOT);
      assert.ok(existsSync(path), `${file} is not there`);
      const source = readFileSync(path, 'utf8');
      assert.ok(names.length > 0, `a row about ${file} names nothing`);
      for (const name of names) {
        assert.match(source, new RegExp(`${name}\\b`), `${name} is not in ${file}`);
      }
    }
  });
});
