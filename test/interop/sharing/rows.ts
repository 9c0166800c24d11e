import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';

/** What was seen of one tool, in the words of the table. */
export interface Row {
  readonly tool: string;
  readonly from: string;
  readonly version: string;
  readonly reads: string;
  readonly refreshes: string;
  readonly writes: string;
  readonly beginAtOnce: string;
  readonly oursFirst: string;
  readonly itsFirst: string;
}

const COLUMNS: Readonly<Record<keyof Row, string>> = {
  tool: 'tool',
  from: 'from',
  version: 'version',
  reads: 'reads what we share',
  refreshes: 'refreshes it',
  writes: 'writes the file, and times in it',
  beginAtOnce: 'is called as we refresh',
  oursFirst: 'both have sent the same token, we first',
  itsFirst: 'both have sent the same token, it first',
};
const KEYS = Object.keys(COLUMNS) as (keyof Row)[];

const START = '<!-- written by `npm run test:interop -- --write` -->';
const END = '<!-- end of what was written -->';

/** The rows between the marks of `file`. */
export async function readRows(file: URL): Promise<readonly Row[]> {
  const [, after = ''] = (await readFile(file, 'utf8')).split(START);
  const lines = (after.split(END)[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => {
    const cells = line.split('|').slice(1, -1);
    return Object.fromEntries(KEYS.map((key, index) => [key, (cells[index] ?? '').trim()])) as unknown as Row;
  });
}

/** Puts `rows` between the marks of `file`. @throws Error when it has none */
export async function writeRows(file: URL, rows: readonly Row[]): Promise<void> {
  const text = await readFile(file, 'utf8');
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) {
    throw new Error(`${file.pathname} has no place for the table.`);
  }
  const table = [
    line(Object.values(COLUMNS)),
    line(KEYS.map(() => '---')),
    ...rows.map((row) => line(KEYS.map((key) => row[key]))),
  ].join('\n');
  const written = `${text.slice(0, start)}${START}\n\n${table}\n\n${text.slice(end)}`;
  const options = await resolveConfig(file);
  await writeFile(file, await format(written, { ...options, parser: 'markdown' }));
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Whether both are about the same tool from the same place, of whichever version. */
export function isSameTool(one: Pick<Row, 'tool' | 'from'>, other: Pick<Row, 'tool' | 'from'>): boolean {
  return one.tool === other.tool && one.from === other.from;
}

/** What of a row changes only when somebody changes the tool or the extension. */
export function steady({ version: _version, beginAtOnce: _chance, ...seen }: Row): Partial<Row> {
  return seen;
}
