import { readFile, writeFile } from 'node:fs/promises';

/** Something of the API that a test has shown to work. */
export interface Shown {
  /** `RegisterClient` and so on, `Errors`, `ResponseMetadata` or `Hosts`. */
  readonly subject: string;
  /** What of it: a grant type, a member, an exception, a host. */
  readonly item: string;
  /** What kind of thing that is. */
  readonly kind: string;
  /** The test's title. */
  readonly test: string;
}

/** What the tests of one run have shown, first proof first. */
export class ApiTable {
  readonly #shown = new Map<string, Shown>();

  add(shown: Shown): void {
    const key = JSON.stringify([shown.subject, shown.kind, shown.item]);
    if (!this.#shown.has(key)) {
      this.#shown.set(key, shown);
    }
  }

  has(subject: string, kind: string, item: string): boolean {
    return this.#shown.has(JSON.stringify([subject, kind, item]));
  }

  /** As Markdown: one table of these subjects, with a row for each test. */
  renderByTest(subjects: ReadonlySet<string>): string {
    const shown = [...this.#shown.values()].filter(({ subject }) => subjects.has(subject));
    const byTest = Map.groupBy(shown, ({ subject, test }) => `${subject} | ${test}`);
    const rows = [...byTest.values()].map(
      ([first, ...others]) => first && renderTest(first, [first, ...others]),
    );
    return ['| | what | | the test that shows it |', '|---|---|---|---|', ...rows].join('\n');
  }

  /** As Markdown: a table for each subject, with a row for each thing. */
  render(): string {
    const subjects = Map.groupBy(this.#shown.values(), ({ subject }) => subject);
    return [...subjects].map(([subject, rows]) => renderSubject(subject, rows)).join('\n\n');
  }
}

function renderTest({ subject, test }: Shown, shown: readonly Shown[]): string {
  const byKind = Map.groupBy(shown, ({ kind }) => kind);
  const kinds = [...byKind].map(
    ([kind, things]) => `${kind}: ${things.map(({ item }) => `\`${item}\``).join(', ')}`,
  );
  return `| ${subject} | ${kinds.join('; ')} | works | ${test} |`;
}

function renderSubject(subject: string, rows: readonly Shown[]): string {
  return [
    `### ${subject}`,
    '',
    '| name | what it is | | the test that shows it |',
    '|---|---|---|---|',
    ...rows.map(({ item, kind, test }) => `| \`${item}\` | ${kind} | works | ${test} |`),
  ].join('\n');
}

const START = '<!-- api-table: written by `node scripts/run.mjs api-table` -->';
const END = '<!-- /api-table -->';

/** What stands between the marks of `file`. */
export async function readTable(file: URL): Promise<string> {
  const [, after = ''] = (await readFile(file, 'utf8')).split(`${START}\n\n`);
  return after.split(`\n\n${END}`)[0] ?? '';
}

/** Puts `table` between the marks of `file`. @throws Error when it has none */
export async function writeTable(file: URL, table: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) {
    throw new Error(`${file.pathname} has no place for the table.`);
  }
  await writeFile(file, `${text.slice(0, start)}${START}\n\n${table}\n\n${text.slice(end)}`);
}
