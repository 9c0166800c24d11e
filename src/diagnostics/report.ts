import { oneLine } from '../common/outsideText.ts';
import { l10n, render } from '../common/words.ts';
import type { Translate, Words } from '../common/words.ts';
import type { Finding } from './finding.ts';

export interface Section {
  readonly title: Words;
  readonly findings: readonly Finding[];
}

export interface Report {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Versions and the like, by name. */
  readonly facts: Readonly<Record<string, string>>;
  readonly sections: readonly Section[];
}

const MARKS = {
  ok: ['✓ ', l10n.t('OK')],
  failed: ['✗ ', l10n.t('Failed')],
  skipped: ['– ', l10n.t('Skipped')],
} as const;

/**
 * The report as Markdown, to read and to send to whoever helps.
 * @param home the home folder, which names the user: written as `~`
 */
export function formatReport({ at, facts, sections }: Report, home: string, translate: Translate): string {
  const say = (words: Words): string => escape(render(words, translate).replaceAll(home, '~'));
  const lines = [
    `# ${say(l10n.t('AWS SSO Diagnostics'))}`,
    '',
    ...verdict(sections, say),
    ...sections.flatMap((section) => sectionLines(section, say)),
    `## ${say(l10n.t('Environment'))}`,
    '',
    `- ${say(l10n.t('Time'))}: ${new Date(at).toISOString()}`,
    ...Object.entries(facts).map(([name, value]) => `- ${say(name)}: ${say(value)}`),
    '',
    say(
      l10n.t(
        'This report contains no tokens, codes, or passwords. It does contain the names of connections, accounts, and hosts.',
      ),
    ),
    '',
  ];
  return lines.join('\n');
}

/** Words in the language of the report, as Markdown that is nothing but text. */
type Say = (words: Words) => string;

/**
 * One line where nothing is wrong, or one thing; else the first failure of each section: what comes after it most often
 * follows from it.
 */
function verdict(sections: readonly Section[], say: Say): readonly string[] {
  const failures = sections.flatMap(({ title, findings }) => {
    const failed = findings.find(({ outcome }) => outcome === 'failed');
    return failed === undefined ? [] : [`**${say(title)}, ${say(failed.title)}**: ${say(sentences(failed))}`];
  });
  const [only] = failures;
  if (only === undefined) {
    return [`**${say(l10n.t('No problems found.'))}**`, ''];
  }
  return failures.length === 1
    ? [only, '']
    : [
        `**${say(l10n.t('{0} problems found:', failures.length))}**`,
        '',
        ...failures.map((failure) => `- ${failure}`),
        '',
      ];
}

function sectionLines({ title, findings }: Section, say: Say): readonly string[] {
  return [`## ${say(title)}`, '', ...findings.map((finding) => findingLine(finding, say)), ''];
}

/** A list, because whoever copies the report sees it as it is written. */
function findingLine(finding: Finding, say: Say): string {
  const { title, outcome, durationMs } = finding;
  const duration = durationMs === undefined ? '' : ` (${Math.round(durationMs)} ms)`;
  return `- ${say(MARKS[outcome])} **${say(title)}**${duration}: ${say(sentences(finding))}`;
}

function sentences({ summary, advice }: Finding): Words {
  return advice === undefined ? summary : [summary, ' ', advice];
}

/** Servers and files have a say in the text: it must stay text, on one line. */
function escape(text: string): string {
  return oneLine(text).replaceAll(/[\\`*[\]<>|&$]|(?<!\w)_|_(?!\w)|~(?=~)|(?<=~)~/g, String.raw`\$&`);
}

/**
 * The report for a Markdown preview, which makes links of addresses in plain text, escaped or not: with a comment in
 * each place that an address is known by, which nobody sees.
 */
export function reportPage(report: string): string {
  return report.replaceAll(/(?<=[.:@/])(?=[\p{L}\p{N}/\\_~%-])/gu, '<!-- -->');
}
