/**
 * The grammar of `~/.aws/config` and `~/.aws/credentials`: that of Python's RawConfigParser, which is what the AWS CLI
 * and botocore read these files with (botocore `configloader.raw_config_parse`). The AWS SDKs read less of it.
 */

/** A section's keys, in lower case, and their values. The lines of a continued value are joined by newlines. */
export type Section = ReadonlyMap<string, string>;

/** Why the AWS CLI refuses the whole file, and with it every command. */
export type RefusalKind =
  /** A section a second time. */
  | 'duplicateSection'
  /** A key a second time in its section. */
  | 'duplicateKey'
  /** A byte order mark, which counts as text before the first section. */
  | 'byteOrderMark'
  /** Text before the first section. */
  | 'noSection'
  /** A line that has neither a section's brackets nor a key and a value. */
  | 'noValue'
  /** A line of a nested section, which is the indented lines below `key =`, without an equals sign. */
  | 'nestedNoValue'
  /** Bytes that are not UTF-8. */
  | 'notUtf8';

/** One reason for which the AWS CLI refuses the file. */
export interface Refusal {
  readonly kind: RefusalKind;
  /** From 1. For `notUtf8` the line of the first such byte. */
  readonly line: number;
  /** The section or key that is there twice. */
  readonly name?: string;
}

/** What is in a file, read as far as it can be. */
export interface ParsedFile {
  /** By header, as it is written between the brackets, in the order of the file. */
  readonly sections: ReadonlyMap<string, Section>;
  /** The keys of `[DEFAULT]`, which every section has too. */
  readonly defaults: Section;
  /** Empty where the AWS CLI reads the file just as well. */
  readonly refusals: readonly Refusal[];
}

/** Python's white space (`str.strip`, `\s`), which has a few characters more than JavaScript's, and lacks U+FEFF. */
const SPACE = String.raw`[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;
const OUTER_SPACE = new RegExp(`^${SPACE}+|${SPACE}+$`, 'g');
const LEADING_SPACE = new RegExp(`^${SPACE}*`);
const TRAILING_SPACE = new RegExp(`${SPACE}+$`);
const HEADER = /^\[(.+)\]/s;
const OPTION = new RegExp(`^(.*?)${SPACE}*[=:]${SPACE}*(.*)$`, 's');
const LINE_BREAK = new RegExp(String.raw`\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]`);
/** Its keys are in every section. */
const DEFAULT_SECTION = 'DEFAULT';

/** Python's `str.strip`. */
export function strip(text: string): string {
  return text.replaceAll(OUTER_SPACE, '');
}

/** Python's `str.splitlines`. */
export function splitLines(text: string): readonly string[] {
  return text.split(LINE_BREAK);
}

const BYTE_ORDER_MARK = '\uFEFF';

/** Reads a file's text. Of what is there twice the last counts, where the AWS CLI would refuse the file. */
export function parseConfigText(text: string): ParsedFile {
  const reader = new Reader();
  const isMarked = text.startsWith(BYTE_ORDER_MARK);
  for (const [index, line] of (isMarked ? text.slice(1) : text).split(/\r\n|\r|\n/).entries()) {
    reader.read(line, index + 1);
  }
  const parsed = reader.finish();
  return isMarked
    ? { ...parsed, refusals: [{ kind: 'byteOrderMark', line: 1 }, ...parsed.refusals] }
    : parsed;
}

interface OpenSection {
  readonly header: string;
  /** The lines of each value, and the line number of its key. */
  readonly values: Map<string, { readonly line: number; readonly lines: string[] }>;
}

/** Follows the lines of one file. */
class Reader {
  readonly #sections = new Map<string, OpenSection>();
  readonly #defaults: OpenSection = { header: DEFAULT_SECTION, values: new Map() };
  readonly #refusals: Refusal[] = [];
  #section: OpenSection | undefined;
  /** The lines of the value that an indented line continues. */
  #value: string[] | undefined;
  #indent = 0;

  read(line: string, number: number): void {
    const text = strip(line);
    if (text.startsWith('#') || text.startsWith(';')) {
      return;
    }
    if (text === '') {
      this.#value?.push('');
      return;
    }
    const indent = LEADING_SPACE.exec(line)?.[0].length ?? 0;
    if (this.#value !== undefined && indent > this.#indent) {
      this.#value.push(text);
      return;
    }
    this.#indent = indent;
    const header = HEADER.exec(text)?.[1];
    if (header !== undefined) {
      this.#open(header, number);
    } else if (this.#section === undefined) {
      this.#refusals.push({ kind: 'noSection', line: number });
    } else {
      this.#readOption(this.#section, text, number);
    }
  }

  #open(header: string, line: number): void {
    this.#value = undefined;
    if (header === DEFAULT_SECTION) {
      this.#section = this.#defaults;
      return;
    }
    if (this.#sections.has(header)) {
      this.#refusals.push({ kind: 'duplicateSection', line, name: header });
    }
    this.#section = { header, values: new Map() };
    this.#sections.set(header, this.#section);
  }

  #readOption({ values }: OpenSection, text: string, line: number): void {
    const [, option = '', value = ''] = OPTION.exec(text) ?? [];
    const key = option.toLowerCase();
    if (key === '') {
      this.#value = undefined;
      this.#refusals.push({ kind: 'noValue', line });
      return;
    }
    if (values.has(key)) {
      this.#refusals.push({ kind: 'duplicateKey', line, name: key });
    }
    this.#value = [strip(value)];
    values.set(key, { line, lines: this.#value });
  }

  finish(): ParsedFile {
    const sections = new Map<string, Section>();
    for (const [header, { values }] of this.#sections) {
      const all = new Map([...this.#defaults.values, ...values]);
      sections.set(header, asSection(all));
      for (const { line, lines } of all.values()) {
        this.#checkNested(lines, line);
      }
    }
    const refusals = this.#refusals.toSorted((a, b) => a.line - b.line);
    return { sections, defaults: asSection(this.#defaults.values), refusals };
  }

  /** A value that begins on the next line is a nested section (botocore `_parse_nested`). */
  #checkNested([first, ...nested]: readonly string[], line: number): void {
    const broken = first === '' ? nested.findIndex(lacksValue) : -1;
    const at = line + 1 + broken;
    if (
      broken !== -1 &&
      !this.#refusals.some((known) => known.kind === 'nestedNoValue' && known.line === at)
    ) {
      this.#refusals.push({ kind: 'nestedNoValue', line: at });
    }
  }
}

function lacksValue(text: string): boolean {
  return splitLines(text).some((part) => strip(part) !== '' && !part.includes('='));
}

function asSection(values: OpenSection['values']): Section {
  return new Map([...values].map(([key, { lines }]) => [key, joined(lines)]));
}

function joined(lines: readonly string[]): string {
  return lines.join('\n').replace(TRAILING_SPACE, '');
}
