import { pick } from './chance.ts';
import type { FaultKind, Machine, Spell } from './machine.ts';
import { damageIndex } from './ports.ts';
import type { Family } from './server.ts';
import type { SimulatedWindow } from './window.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How far the clocks of two machines are apart: half of it, either way. */
const MAX_SKEW_MS = 20 * SECOND_MS;

/** Everything that befalls the machines of a user and the windows on them: faults, sleep and clocks. */
export class Weather {
  readonly #machines: readonly [Machine, ...Machine[]];
  readonly #windows: ReadonlySet<SimulatedWindow>;

  constructor(machines: readonly [Machine, ...Machine[]], windows: ReadonlySet<SimulatedWindow>) {
    this.#machines = machines;
    this.#windows = windows;
  }

  /** Machines that share a home folder share a time server too: each is off a little from what all take for the time. */
  setClocks(skewMs: number): void {
    const [first, ...others] = this.#machines;
    for (const machine of others) {
      machine.setSkewMs = skewMs + MAX_SKEW_MS * (machine.random.uniform() - 0.5);
    }
    first.setSkewMs = skewMs;
  }

  sleep(machine: Machine, ms: number): void {
    for (const { process } of [...this.#windows].filter((window) => window.machine === machine)) {
      process.freeze(ms);
    }
  }

  /** Nothing more befalls anybody, and what has is over. */
  calm(): void {
    for (const machine of this.#machines) {
      machine.isCalm = true;
      for (const spell of machine.spells) {
        spell.begin(0);
      }
    }
  }

  resume(): void {
    for (const machine of this.#machines) {
      machine.isCalm = false;
    }
  }

  /** What befalls them in a few minutes. @param families the sign-ins that an administrator may end */
  befall(families: () => Iterable<Family>): void {
    const [first] = this.#machines;
    const window = pick(first.random, this.#windows);
    const machine = window?.machine ?? first;
    if (window !== undefined) {
      this.#befallProcess(window);
    }
    this.#befallMachine(machine);
    this.#befallStorage(machine);
    this.#befallNetwork(machine);
    const revoked = pick(first.random, families());
    if (revoked !== undefined && this.#strikes('session revoked', 0.0003)) {
      revoked.ended ??= 'administrator';
    }
  }

  #befallProcess({ process, machine }: SimulatedWindow): void {
    if (this.#strikes('window crashed', 0.004)) {
      process.kill();
    } else if (this.#strikes('window suspended', 0.004)) {
      process.freeze(8 * MINUTE_MS * machine.random.uniform());
    }
  }

  #befallMachine(machine: Machine): void {
    if (this.#strikes('machine asleep', 0.004)) {
      this.sleep(machine, HOUR_MS * machine.random.uniform());
    }
    if (this.#strikes('clock set', 0.0005)) {
      this.setClocks(6 * HOUR_MS * (machine.random.uniform() - 0.5));
    }
    if (this.#strikes('clock ahead for a minute', 0.003)) {
      machine.aheadMs = 12 * HOUR_MS * machine.random.uniform();
      machine.clockAhead.begin(MINUTE_MS);
    }
  }

  #befallStorage(machine: Machine): void {
    if (this.#windows.size > 0 && this.#strikes('index damaged', 0.0005)) {
      damageIndex(machine);
    }
    if (this.#windows.size === 1) {
      this.#cast('folder read-only', 0.0005, machine.readOnly, HOUR_MS);
    }
    this.#cast('disk full', 0.001, machine.diskFull, 90 * MINUTE_MS);
    if (machine.diskFull.isOn) {
      // Keychains are files, too.
      this.#cast('keychain throws', 0.05, machine.keychainThrows, machine.diskFull.leftMs);
    }
    this.#cast('disk unreadable', 0.001, machine.diskUnreadable, 10 * MINUTE_MS);
    this.#cast('disk hangs', 0.001, machine.diskHangs, 10 * MINUTE_MS);
    this.#cast('keychain throws', 0.001, machine.keychainThrows, 2 * HOUR_MS);
    this.#cast('keychain hangs', 0.001, machine.keychainHangs, 5 * MINUTE_MS);
    this.#cast('keychain empty for a moment', 0.005, machine.keychainEmpty, 4 * MINUTE_MS);
  }

  #befallNetwork(machine: Machine): void {
    this.#cast('network lost', 0.004, machine.offline, HOUR_MS);
    if (this.#strikes('network changed', 0.004)) {
      machine.network = `network ${machine.faults.counts.get('network changed')}`;
    }
    this.#cast('service cannot be reached', 0.0005, machine.serviceUnreachable, 3 * HOUR_MS);
    this.#cast('front door shut for long', 0.0005, machine.frontDoor, 3 * HOUR_MS);
    this.#cast('service down for long', 0.0005, machine.serviceDown, 3 * HOUR_MS);
  }

  #strikes(kind: FaultKind, probability: number): boolean {
    const [machine] = this.#machines;
    const strikes = machine.strikes(probability);
    if (strikes) {
      machine.faults.add(kind);
    }
    return strikes;
  }

  #cast(kind: FaultKind, probability: number, spell: Spell, upToMs: number): void {
    if (this.#strikes(kind, probability)) {
      const [{ random }] = this.#machines;
      spell.begin(upToMs * random.uniform());
    }
  }
}
