/** What a stage of a test run came to. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** One stage of a test run: prints its own details, and counts. */
export interface Stage {
  readonly title: string;
  readonly run: () => Promise<Counts>;
  /** Whether the stages after it make no sense when it failed. */
  readonly required?: true;
}

interface Outcome extends Counts {
  readonly title: string;
  /** Seconds. */
  readonly seconds: number;
}

async function runStage(stage: Stage): Promise<Outcome> {
  console.log(`\n── ${stage.title} ──`);
  const started = performance.now();
  const counts = await stage.run().catch((error: unknown) => {
    console.error(error);
    return { passed: 0, failed: 1 };
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
  console.log('\n── What ran ──');
  for (const { title, passed, failed, seconds } of outcomes) {
    console.log(`${title}: ${passed} passed, ${failed} failed in ${seconds.toFixed(1)} s`);
  }
  for (const { title } of left) console.log(`${title}: not run`);
  const sum = (key: keyof Counts): number => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') === 0 ? 0 : 1;
}
