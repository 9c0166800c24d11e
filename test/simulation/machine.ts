import type { Random } from '../../src/common/random.ts';
import { Home } from './home.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

/** Everything that can go wrong, as the table names it. */
export type FaultKind =
  | 'window crashed'
  | 'window crashed in the middle of its work'
  | 'newer version wrote the index'
  | 'window suspended'
  | 'machine asleep'
  | 'clock set'
  | 'clock ahead for a minute'
  | 'disk full'
  | 'disk unreadable'
  | 'disk hangs'
  | 'folder read-only'
  | 'index damaged'
  | 'keychain throws'
  | 'keychain hangs'
  | 'keychain empty for a moment'
  | 'network lost'
  | 'network changed'
  | 'request lost'
  | 'answer lost'
  | 'answer late'
  | 'service throttles'
  | 'service fails'
  | 'front door answers'
  | 'front door shut for long'
  | 'odd member in an answer'
  | 'service down for long'
  | 'service cannot be reached'
  | 'session revoked'
  | 'two askers'
  | 'registration expired';

/** How often each fault has struck. */
export class FaultCounts {
  readonly counts = new Map<FaultKind, number>();

  add(kind: FaultKind): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }
}

/** Something that is out of order until a point in true time. */
export class Spell {
  readonly #world: World;
  #until = 0;

  constructor(world: World) {
    this.#world = world;
  }

  begin(forMs: number): void {
    this.#until = this.#world.now + forMs;
  }

  /** When it is over, or was, in true time; 0 for never. */
  get until(): number {
    return this.#until;
  }

  get isOn(): boolean {
    return this.#world.now < this.#until;
  }

  /** Milliseconds. */
  get leftMs(): number {
    return Math.max(0, this.#until - this.#world.now);
  }
}

/** What the windows of one machine share, and what ails it. */
export class Machine {
  readonly world: World;
  readonly random: Random;
  readonly faults: FaultCounts;
  /** How far its clock was set off for good, in milliseconds. */
  setSkewMs = 0;
  /** How far ahead it is besides, while {@link clockAhead} lasts. */
  aheadMs = 0;
  /** The network it is on. */
  network = 'network 0';
  /** Whether its windows are tabs of a browser. */
  isBrowser = false;
  /** Whether anything may go wrong at all. */
  isCalm = false;

  /** What distinguishes it from others. */
  readonly name: string;
  /** The folder of the index and, where there is a sealed vault, of its records. */
  readonly home: Home;
  readonly lockHolders = new Map<string, Process>();
  /** Told of every change of the index. */
  readonly watchers = new Map<Process, () => void>();
  readonly keychain = new Map<string, string>();
  /** In a browser: what its storage holds. */
  readonly browser: { secrets: Readonly<Record<string, string>> };

  readonly diskFull: Spell;
  readonly diskUnreadable: Spell;
  /** What asks for a file or a lock meanwhile has its answer afterwards. */
  readonly diskHangs: Spell;
  readonly readOnly: Spell;
  readonly keychainThrows: Spell;
  readonly keychainHangs: Spell;
  readonly keychainEmpty: Spell;
  readonly offline: Spell;
  readonly serviceDown: Spell;
  readonly serviceUnreachable: Spell;
  readonly frontDoor: Spell;
  readonly clockAhead: Spell;

  /** @param other another machine, with which it shares its home folder, the disk under it and the browser */
  constructor(world: World, random: Random, faults: FaultCounts, other?: Machine) {
    this.world = world;
    this.random = random;
    this.faults = faults;
    this.name = other === undefined ? 'one' : 'two';
    this.home = other?.home ?? new Home(world, random);
    this.home.isShared = other !== undefined;
    this.browser = other?.browser ?? { secrets: {} };
    const spell = (): Spell => new Spell(world);
    this.diskFull = other?.diskFull ?? spell();
    this.diskUnreadable = other?.diskUnreadable ?? spell();
    this.diskHangs = other?.diskHangs ?? spell();
    this.readOnly = other?.readOnly ?? spell();
    this.keychainThrows = spell();
    this.keychainHangs = spell();
    this.keychainEmpty = spell();
    this.offline = spell();
    this.serviceDown = spell();
    this.serviceUnreachable = spell();
    this.frontDoor = spell();
    this.clockAhead = spell();
  }

  /** How far its clock is off, in milliseconds. */
  get skewMs(): number {
    return this.setSkewMs + (this.clockAhead.isOn ? this.aheadMs : 0);
  }

  get spells(): readonly Spell[] {
    const { diskFull, diskUnreadable, readOnly, keychainThrows, keychainHangs, keychainEmpty } = this;
    return [
      diskFull,
      diskUnreadable,
      this.diskHangs,
      readOnly,
      keychainThrows,
      keychainHangs,
      keychainEmpty,
      this.offline,
      this.serviceDown,
      this.serviceUnreachable,
      this.frontDoor,
      this.clockAhead,
    ];
  }

  /** Whether the vault, whatever ails it just now, holds this refresh token. */
  vaultHolds(token: string): boolean {
    const isSealed = [...this.home.sealedTokens.values()].includes(token);
    return isSealed || [...this.keychain.values()].some((value) => value.includes(`"${token}"`));
  }

  /** Whether something of this probability happens now. Nothing does while all is calm. */
  strikes(probability: number): boolean {
    return !this.isCalm && this.random.uniform() < probability;
  }

  /** Sees the index's text whenever it changes. */
  onIndex: (text: string) => void = () => undefined;

  /** Tells the watchers of this machine's windows, as the file system does: a little later. */
  announceIndex(): void {
    this.onIndex(this.home.current('sessions.json') ?? '');
    for (const [process, tell] of this.watchers) {
      process.tell(1 + 20 * this.random.uniform(), tell);
    }
  }
}

/** An error of the operating system. */
export function systemError(code: string): Error {
  return Object.assign(new Error('injected'), { code });
}
