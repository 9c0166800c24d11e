import type { Row } from './row.ts';

const HEAD = ['what', 'ours', 'peer', 'ratio', 'runs', 'median of ratios', 'interquartile range', 'goal'];

/** The rows as a Markdown table, with their notes below it. */
export function markdownTable(rows: readonly Row[]): string {
  const lines = [HEAD, HEAD.map(() => '---'), ...rows.map(cells)];
  const notes = new Set(
    rows.flatMap(({ name, note }) => (note === undefined ? [] : [`- **${name}**: ${note}`])),
  );
  return [...lines.map((line) => `| ${line.join(' | ')} |`), ...(notes.size > 0 ? ['', ...notes] : [])].join(
    '\n',
  );
}

function cells(row: Row): readonly string[] {
  const { name, unit, ours, peer, peerName, ratio, runs, median, spread, goal } = row;
  const [from, to] = spread;
  return [
    name,
    `${figure(ours)} ${unit}`,
    peer === undefined ? '–' : `${figure(peer)} ${unit} (${peerName})`,
    ratio === undefined ? '–' : figure(ratio),
    String(runs),
    median === undefined ? '–' : figure(median),
    `${figure(from)} … ${figure(to)}`,
    goal,
  ];
}

/** Three digits that count, and none after the point where the number is large. */
function figure(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
