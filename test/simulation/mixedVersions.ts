import type { Event } from '../../src/common/event.ts';
import type { IndexFile } from '../../src/sessions/store/indexFile.ts';
import type { Machine } from './machine.ts';
import type { Process } from './process.ts';
import type { Witness } from './witness.ts';

type Json = Readonly<Record<string, unknown>>;
interface Index extends Json {
  readonly sessions: readonly Json[];
}

/** A session in a state that this version does not know. */
const UNKNOWN = {
  id: 'of-a-newer-version',
  signedInAt: 1,
  generation: 1,
  state: { kind: 'paused', until: 'Monday' },
};

/** Every third window is of a newer version, as while an update reaches one window after the other. */
function isNewer({ pid }: Process): boolean {
  return pid % 3 === 0;
}

/**
 * The index file of a machine on which two versions run side by side. The newer one writes what this one does not know:
 * more members wherever there can be some, and a session in a state of its own. This one must not lose any of it.
 */
export class MixedVersionsFile implements IndexFile {
  readonly #file: IndexFile;
  readonly #machine: Machine;
  readonly #process: Process;
  readonly #witness: Witness;
  readonly onDidChange: Event<void>;
  /** The file's text as it was read last. */
  #seen: string | undefined;

  constructor(file: IndexFile, machine: Machine, process: Process, witness: Witness) {
    this.#file = file;
    this.#machine = machine;
    this.#process = process;
    this.#witness = witness;
    this.onDidChange = file.onDidChange;
  }

  async read(): Promise<string | undefined> {
    this.#seen = await this.#file.read();
    return this.#seen;
  }

  async replace(text: string): Promise<void> {
    const index = parse(text);
    if (index !== undefined && isNewer(this.#process)) {
      this.#machine.faults.add('newer version wrote the index');
      await this.#file.replace(JSON.stringify(withMore(index)));
      return;
    }
    const seen = parse(this.#seen);
    if (index !== undefined && seen !== undefined && !keepsAll(seen, index)) {
      this.#witness.accuse('what a newer version wrote was lost');
    }
    await this.#file.replace(text);
  }

  /** Of what {@link replace} has just written. */
  replaceCopy(text: string): Promise<void> {
    const index = parse(text);
    const isMore = index !== undefined && isNewer(this.#process);
    return this.#file.replaceCopy(isMore ? JSON.stringify(withMore(index)) : text);
  }

  readCopy(): Promise<string | undefined> {
    return this.#file.readCopy();
  }

  setAside(): Promise<void> {
    return this.#file.setAside();
  }

  dispose(): void {
    this.#file.dispose();
  }
}

function parse(text: string | undefined): Index | undefined {
  try {
    return JSON.parse(text ?? '') as Index;
  } catch {
    // It was damaged.
    return undefined;
  }
}

function withMore(index: Index): Index {
  const sessions = index.sessions.filter(({ id }) => id !== UNKNOWN.id).map(withDetails);
  return { ...index, devices: ['laptop'], sessions: [...sessions, UNKNOWN] };
}

function withDetails(session: Json): Json {
  return {
    ...session,
    color: 'blue',
    account: { ...(session['account'] as Json), picture: 'none' },
    state: { ...(session['state'] as Json), proofKey: 'thumbprint' },
  };
}

function keepsAll(before: Index, after: Index): boolean {
  const known = new Map(after.sessions.map((session) => [session['id'], session]));
  return (
    JSON.stringify(before['devices']) === JSON.stringify(after['devices']) &&
    before.sessions.every((session) => {
      const now = known.get(session['id']);
      if (session['id'] === UNKNOWN.id) {
        return JSON.stringify(now) === JSON.stringify(session);
      }
      return now === undefined || (now['color'] === session['color'] && keepsNested(session, now));
    })
  );
}

function keepsNested(before: Json, after: Json): boolean {
  const picture = ({ account }: Json): unknown => (account as Json)['picture'];
  const state = (session: Json): Json => session['state'] as Json;
  const isSameKind = state(before)['kind'] === state(after)['kind'];
  return (
    picture(before) === picture(after) &&
    (!isSameKind || state(before)['proofKey'] === state(after)['proofKey'])
  );
}
