import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { fleetThroughOutage } from '../../test/simulation/fleet.ts';
import type { FleetReport } from '../../test/simulation/fleet.ts';
import type { Report } from '../../test/simulation/simulate.ts';
import { Summary } from '../../test/simulation/summary.ts';

const HELP = `Usage: npm run simulate -- [--seeds N] [--years Y] [--from S] [--fleet USERS]
  --seeds   how many users to simulate (100)
  --years   how long each of them lives (1)
  --from    the first seed (1): with --seeds 1 it lives the same life again
  --fleet   how many users go through each kind of hour without the service (10000; 0 for none)`;

const WORKER = new URL('../../test/simulation/worker.ts', import.meta.url);

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    years: { type: 'string', default: '1' },
    from: { type: 'string', default: '1' },
    fleet: { type: 'string', default: '10000' },
    help: { type: 'boolean', default: false },
  },
});

/** Simulates every seed on as many cores as there are, and says how far it is. */
async function simulateAll(seeds: readonly number[], years: number): Promise<Summary> {
  const summary = new Summary();
  const left = [...seeds];
  const started = performance.now();
  const work = async (): Promise<void> => {
    const worker = fork(WORKER, { serialization: 'advanced' });
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      for (const violation of summary.add(await live(worker, seed, years))) {
        console.log(violation);
      }
      if (summary.users % 50 === 0) {
        const seconds = Math.round((performance.now() - started) / 1000);
        console.log(
          `${summary.users} of ${seeds.length} users, ${summary.violations.length} violations, ${seconds} s`,
        );
      }
    }
    worker.kill();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return summary;
}

function live(worker: ChildProcess, seed: number, years: number): Promise<Report> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error(`The process that simulated seed ${seed} has died.`));
    worker.once('exit', onExit);
    worker.once('message', (report) => {
      worker.off('exit', onExit);
      resolve(report as Report);
    });
    worker.send({ seed, years });
  });
}

function describeFleet(name: string, report: FleetReport): string {
  const { users, steadyPerMinute, peakPerMinute, peakOfFivePerMinute, recoveryMinutes, ended } = report;
  const times = (rate: number): string => `${(rate / steadyPerMinute).toFixed(2)} times`;
  return [
    `${users.toLocaleString('en')} users with 3 windows each, an hour ${name}:`,
    `  ${steadyPerMinute.toFixed(0)} requests a minute before; at most ${peakPerMinute} in a minute from then on,`,
    `  ${times(peakPerMinute)} as many (${times(peakOfFivePerMinute)} in the worst five minutes);`,
    `  95 of 100 have a working token ${recoveryMinutes} minutes after its end; ${ended} sessions ended by it.`,
  ].join('\n');
}

if (values.help) {
  console.log(HELP);
} else {
  const from = Number(values.from);
  const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => from + index);
  const summary = await simulateAll(seeds, Number(values.years));
  console.log(summary.table());
  const users = Number(values.fleet);
  let failed = summary.violations.length;
  if (users > 0) {
    for (const [outage, name] of [
      ['failing', 'in which the service fails'],
      ['unreachable', 'in which no connection to it comes about'],
      ['offline', 'in which nobody has a network, as in an office whose line is cut'],
    ] as const) {
      const report = await fleetThroughOutage(1, users, outage);
      console.log(describeFleet(name, report));
      failed += report.ended + report.violations;
    }
  }
  process.exitCode = failed === 0 ? 0 : 1;
}
