import type { Report } from './simulate.ts';

/** What many simulated lives come to. */
export class Summary {
  readonly #faults = new Map<string, number>();
  readonly #unavoidable = new Map<string, number>();
  readonly #reasons = new Map<string, number>();
  /** With the command that shows it again. */
  readonly violations: string[] = [];
  users = 0;
  years = 0;
  events = 0;
  refreshes = 0;
  mostRequestsInAnHour = 0;

  get faultKinds(): number {
    return this.#faults.size;
  }

  /** @returns what was wrong with this one */
  add(report: Report): readonly string[] {
    this.users += 1;
    this.years += report.years;
    this.events += report.events;
    this.refreshes += report.refreshes;
    this.mostRequestsInAnHour = Math.max(this.mostRequestsInAnHour, report.mostRequestsInAnHour);
    sum(this.#faults, report.faults);
    sum(this.#unavoidable, report.unavoidable);
    sum(this.#reasons, report.reasons);
    // A violation ends a life early: name more years than it has lasted.
    const years = Math.ceil(report.years * 10) / 10;
    const again = `npm run simulate -- --seeds 1 --from ${report.seed} --years ${years} --fleet 0`;
    const found = report.violations.map(
      ({ what, at }) => `${what}, on ${new Date(at).toISOString()}; live it again: ${again}`,
    );
    this.violations.push(...found);
    return found;
  }

  /** As a table, for the terminal. */
  table(): string {
    return [
      row('simulated users', this.users),
      row('user-years', Number(this.years.toFixed(1))),
      row('events', this.events),
      row('refreshes', this.refreshes),
      row('most requests for one sign-in in an hour', this.mostRequestsInAnHour),
      ...section('faults injected', this.#faults),
      ...section('sessions that came to need sign-in, by reason', this.#reasons),
      ...section('nobody could avoid', this.#unavoidable),
      row('violations', this.violations.length),
      ...this.violations.map((violation) => `  ${violation}`),
    ].join('\n');
  }
}

function section(title: string, counts: ReadonlyMap<string, number>): readonly string[] {
  const rows = [...counts].toSorted(([, a], [, b]) => b - a);
  return [`${title}:`, ...rows.map(([name, count]) => row(`  ${name}`, count))];
}

function row(name: string, value: number): string {
  return `${name.padEnd(52)}${value.toLocaleString('en').padStart(14)}`;
}

function sum(into: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [name, count] of counts) {
    into.set(name, (into.get(name) ?? 0) + count);
  }
}
