import { commandFile, runNode } from './process.ts';
import type { Counts } from './stages.ts';

/** Lints, checks the format and the types, all at once; shows what each has to say, one after the other. */
export async function lint(): Promise<Counts> {
  const checks = [
    { name: 'oxlint', args: [commandFile('oxlint'), '--deny-warnings'] },
    { name: 'prettier', args: [commandFile('prettier'), '--check', '--log-level=warn', '.'] },
    { name: 'tsc', args: [commandFile('typescript', 'tsc'), '--project', '.'] },
  ];
  const results = await Promise.all(
    checks.map(async ({ name, args }) => {
      const { exitCode, output } = await runNode(args, 'capture');
      return { name, failed: exitCode !== 0, output };
    }),
  );
  for (const { name, failed, output } of results) {
    console.log(failed ? `✖ ${name}\n${output}` : `✔ ${name}`);
  }
  const failed = results.filter((result) => result.failed).length;
  return { passed: results.length - failed, failed, skipped: [] };
}
