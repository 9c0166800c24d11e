import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';

/** Where the tables are. */
const DOCUMENT = new URL('../../docs/interop.md', import.meta.url);

/** What every row of a table begins with: which tool, from which place, in which version. */
export interface ToolRow {
  readonly tool: string;
  readonly from: string;
  readonly version: string;
}

/** A table of docs/interop.md that tests write and compare, between marks of its own. */
export class Table<Row extends ToolRow> {
  readonly #columns: Readonly<Record<keyof Row & string, string>>;
  readonly #start: string;
  readonly #end: string;

  /** @param name in its marks  @param columns the titles of the columns, in their order */
  constructor(name: string, columns: Readonly<Record<keyof Row & string, string>>) {
    this.#columns = columns;
    this.#start = `<!-- ${name}: written by \`npm run test:interop -- --write\` -->`;
    this.#end = `<!-- ${name}: end of what was written -->`;
  }

  get #keys(): readonly (keyof Row & string)[] {
    return Object.keys(this.#columns) as (keyof Row & string)[];
  }

  async read(): Promise<readonly Row[]> {
    const [, after = ''] = (await readFile(DOCUMENT, 'utf8')).split(this.#start);
    const lines = (after.split(this.#end)[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
    return lines.slice(2).map((line) => {
      const cells = line.split('|').slice(1, -1);
      const entries = this.#keys.map((key, index) => [key, (cells[index] ?? '').trim()]);
      return Object.fromEntries(entries) as Row;
    });
  }

  /** Replaces all rows. @throws Error when the document has no place for them */
  async write(rows: readonly Row[]): Promise<void> {
    const text = await readFile(DOCUMENT, 'utf8');
    const [start, end] = [text.indexOf(this.#start), text.indexOf(this.#end)];
    if (start < 0 || end < start) {
      throw new Error(`${DOCUMENT.pathname} has no place for the table.`);
    }
    const keys = this.#keys;
    const table = [
      line(keys.map((key) => this.#columns[key])),
      line(keys.map(() => '---')),
      ...rows.map((row) => line(keys.map((key) => String(row[key])))),
    ].join('\n');
    const written = `${text.slice(0, start)}${this.#start}\n\n${table}\n\n${text.slice(end)}`;
    const options = await resolveConfig(DOCUMENT);
    await writeFile(DOCUMENT, await format(written, { ...options, parser: 'markdown' }));
  }
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Whether both are about the same tool from the same place, of whichever version. */
export function isSameTool(one: Omit<ToolRow, 'version'>, other: Omit<ToolRow, 'version'>): boolean {
  return one.tool === other.tool && one.from === other.from;
}

/**
 * Puts what this run has seen into the document where that was asked for, and compares it with what is there.
 * @param tools all there are, in their order; what of them was not run here stays as it was seen last
 * @param compare throws where the document's row is not what was seen
 */
export async function checkTable<Row extends ToolRow>(
  table: Table<Row>,
  tools: readonly Omit<ToolRow, 'version'>[],
  rows: readonly Row[],
  compare: (documented: Row | undefined, seen: Row) => void,
): Promise<void> {
  if (process.env['INTEROP_WRITE'] === '1') {
    const known = await table.read();
    await table.write(
      tools.flatMap((tool) => [...rows, ...known].filter((row) => isSameTool(row, tool)).slice(0, 1)),
    );
  }
  const written = await table.read();
  for (const row of rows) {
    const documented = written.find((other) => isSameTool(other, row));
    if (documented !== undefined && documented.version !== row.version) {
      console.log(`    ${row.tool} is ${row.version} here, and ${documented.version} in docs/interop.md`);
    }
    compare(documented, row);
  }
}
