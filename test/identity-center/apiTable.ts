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

/** The marks around the table of a service. */
function marksOf(service: string): readonly [start: string, end: string] {
  const name = `api-table ${service}`;
  return [`<!-- ${name}: written by \`npm run api-table\` -->`, `<!-- /${name} -->`];
}

/** What stands between the marks of `service` in `file`. */
export async function readTable(file: URL, service: string): Promise<string> {
  const [start, end] = marksOf(service);
  const [, after = ''] = (await readFile(file, 'utf8')).split(`${start}\n\n`);
  return after.split(`\n\n${end}`)[0] ?? '';
}

/** Puts `table` between the marks of `service` in `file`. @throws Error when it has none */
export async function writeTable(file: URL, service: string, table: string): Promise<void> {
  const marks = marksOf(service);
  const text = await readFile(file, 'utf8');
  const [start, end] = marks.map((mark) => text.indexOf(mark));
  if (start === undefined || end === undefined || start < 0 || end < start) {
    throw new Error(`${file.pathname} has no place for the table of ${service}.`);
  }
  await writeFile(file, `${text.slice(0, start)}${marks[0]}\n\n${table}\n\n${text.slice(end)}`);
}
