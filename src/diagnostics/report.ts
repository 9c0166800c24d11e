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
  ok: ['✓ ', l10n.t('ok')],
  failed: ['✗ ', l10n.t('failed')],
  skipped: ['– ', l10n.t('skipped')],
} as const;

/**
 * The report as Markdown, to read and to send to whoever helps.
 * @param home the home folder, which names the person: written as `~`
 */
export function formatReport({ at, facts, sections }: Report, home: string, translate: Translate): string {
  const say = (words: Words): string => escape(render(words, translate).replaceAll(home, '~'));
  const lines = [
    `# ${say(l10n.t('AWS SSO diagnostics'))}`,
    '',
    new Date(at).toISOString(),
    '',
    ...verdict(sections, say),
    ...sections.flatMap((section) => sectionLines(section, say)),
    `## ${say(l10n.t('Environment'))}`,
    '',
    ...Object.entries(facts).map(([name, value]) => `- ${say(name)}: ${say(value)}`),
    '',
    say(
      l10n.t(
        'This report holds no tokens, codes or passwords. It does hold names: of connections, accounts and hosts.',
      ),
    ),
    '',
  ];
  return lines.join('\n');
}

/** Words in the language of the report, as Markdown that is nothing but text. */
type Say = (words: Words) => string;

/** The first failure of each section: what comes after it most often follows from it. */
function verdict(sections: readonly Section[], say: Say): readonly string[] {
  const failures = sections.flatMap(({ title, findings }) => {
    const failed = findings.find(({ outcome }) => outcome === 'failed');
    return failed === undefined
      ? []
      : [`- **${say(title)}, ${say(failed.title)}**: ${say(sentences(failed))}`];
  });
  return failures.length === 0
    ? [`**${say(l10n.t('Nothing is wrong that can be seen from here.'))}**`, '']
    : [`**${say(l10n.t('What is wrong'))}**`, '', ...failures, ''];
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
  return oneLine(text).replaceAll(/[\\`*[\]<>|]/g, String.raw`\$&`);
}
