/** What a stage of a test run came to. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** The titles of what was not run, because something for it is missing here or an earlier step failed. */
  readonly skipped: readonly string[];
}

/** One stage of a test run: prints its own details, and counts. */
export interface Stage {
  readonly title: string;
  readonly run: () => Promise<Counts>;
  /** Whether the stages after it make no sense when it failed. */
  readonly required?: true;
}

export interface Outcome extends Counts {
  readonly title: string;
  /** Seconds. */
  readonly seconds: number;
}

async function runStage(stage: Stage): Promise<Outcome> {
  console.log(`\n── ${stage.title} ──`);
  const started = performance.now();
  const counts = await stage.run().catch((error: unknown) => {
    console.error(error);
    return { passed: 0, failed: 1, skipped: [] };
  });
  return { ...counts, title: stage.title, seconds: (performance.now() - started) / 1000 };
}

/** Runs the stages in turn, prints a line for each and the sums, and sets the exit code of the process. */
export async function runStages(stages: readonly Stage[]): Promise<void> {
  const outcomes: Outcome[] = [];
  const left = [...stages];
  for (let stage = left.shift(); stage !== undefined; stage = left.shift()) {
    const outcome = await runStage(stage);
    outcomes.push(outcome);
    if (stage.required && outcome.failed > 0) break;
  }
  const notRun = left.map(({ title }) => title);
  console.log(`\n── What ran ──\n${summarize(outcomes, notRun).join('\n')}`);
  process.exitCode = outcomes.every(({ failed }) => failed === 0) ? 0 : 1;
}

/** A line for each stage, each skipped test and each stage that was not run, and the sums in the last one. */
export function summarize(outcomes: readonly Outcome[], notRun: readonly string[]): readonly string[] {
  return [
    ...outcomes.flatMap((outcome) => [
      `${outcome.title}: ${countText([outcome])} in ${outcome.seconds.toFixed(1)} s`,
      ...outcome.skipped.map((title) => `  skipped: ${title}`),
    ]),
    ...notRun.map((title) => `${title}: not run`),
    countText(outcomes),
  ];
}

function countText(counted: readonly Counts[]): string {
  const sum = (of: (counts: Counts) => number): number =>
    counted.reduce((total, each) => total + of(each), 0);
  const skipped = sum((counts) => counts.skipped.length);
  return `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed, ${skipped} skipped`;
}
