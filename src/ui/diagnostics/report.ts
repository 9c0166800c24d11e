import type { Finding } from './finding.ts';

export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

export interface Report {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Versions and the like, by name. */
  readonly facts: Readonly<Record<string, string>>;
  readonly sections: readonly Section[];
}

const MARKS = { ok: '✓ ok', failed: '✗ failed', skipped: '– skipped' } as const;

/**
 * The report as Markdown, to read and to send to whoever helps. In English for the same reason.
 * @param home the home folder, which names the person: written as `~`
 */
export function formatReport({ at, facts, sections }: Report, home: string): string {
  const lines = [
    '# AWS SSO diagnostics',
    '',
    new Date(at).toISOString(),
    '',
    ...verdict(sections),
    ...sections.flatMap(sectionLines),
    '## Environment',
    '',
    ...Object.entries(facts).map(([name, value]) => `- ${escape(name)}: ${escape(value)}`),
    '',
    'This report holds no tokens, codes or passwords. It does hold names: of connections, accounts and hosts.',
    '',
  ];
  return lines.join('\n').replaceAll(home, '~');
}

/** The first failure of each section: what comes after it most often follows from it. */
function verdict(sections: readonly Section[]): readonly string[] {
  const failures = sections.flatMap(({ title, findings }) => {
    const failed = findings.find(({ outcome }) => outcome === 'failed');
    return failed === undefined
      ? []
      : [`- **${escape(title)}, ${escape(failed.title)}**: ${sentences(failed)}`];
  });
  return failures.length === 0
    ? ['**Nothing is wrong that can be seen from here.**', '']
    : ['**What is wrong**', '', ...failures, ''];
}

function sectionLines({ title, findings }: Section): readonly string[] {
  return [`## ${escape(title)}`, '', ...findings.map(findingLine), ''];
}

/** A list, because whoever copies the report sees it as it is written. */
function findingLine(finding: Finding): string {
  const { title, outcome, durationMs } = finding;
  const duration = durationMs === undefined ? '' : ` (${Math.round(durationMs)} ms)`;
  return `- ${MARKS[outcome]} **${escape(title)}**${duration}: ${sentences(finding)}`;
}

function sentences({ summary, advice }: Finding): string {
  return escape(advice === undefined ? summary : `${summary} ${advice}`);
}

/** Servers and files have a say in the text: it must stay text, on one line. */
function escape(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').replaceAll(/[\\`*[\]<>|]/g, String.raw`\$&`);
}
