import type { Connection } from '../../src/connections/connection.ts';
import type { ChosenAccount } from '../../src/sessions/signIn/accounts.ts';
import type { Session } from '../../src/sessions/session.ts';
import type { Machine } from './machine.ts';
import type { Process } from './process.ts';
import type { Witness } from './witness.ts';

/** One who asks for a sign-in: the user at a window, or an extension there. */
export interface Asker {
  readonly machine: Machine;
  readonly process: Process;
  readonly connection: Connection;
  /** Whose sign-in it should be, once that is known. */
  account: ChosenAccount | undefined;
  /** What this one's cancel ends it with. */
  readonly cancelled: Error;
}

/** Within this of its own time a window has what another one brought; and where two machines share the folder. */
const HANDED_OUT_MS = 60_000;
const SHARED_HANDED_OUT_MS = 180_000;

/** All who ask for a sign-in just now, and what they must get of each other. */
export class Askers {
  readonly #witness: Witness;
  readonly #waiting = new Set<Asker>();
  /** Sign-ins that were cancelled while they were being kept. */
  readonly #withdrawn = new Set<string>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  /** Whether somebody at this machine asks for such a sign-in already. */
  isAskedFor(machine: Machine, { name }: Connection): boolean {
    return [...this.#waiting].some(
      (asker) => asker.machine === machine && asker.connection.name === name && asker.process.isAlive,
    );
  }

  add(asker: Asker): void {
    this.#waiting.add(asker);
    asker.process.onDeath.push(() => this.#waiting.delete(asker));
  }

  /** A sign-in is kept: all at the machine who wait for the same must have it soon. */
  brought(session: Session, machine: Machine): void {
    const at = machine.world.now;
    const momentMs = machine.home.isShared ? SHARED_HANDED_OUT_MS : HANDED_OUT_MS;
    for (const asker of this.#waiting) {
      if (asker.machine === machine && isFor(session, asker)) {
        asker.process.tell(momentMs, () => {
          const isOpen = this.#waiting.has(asker) && !this.#withdrawn.has(keyOf(session));
          if (isOpen && !wasTroubled(machine, at)) {
            this.#witness.accuse('what one asker brought was not handed out to the other');
          }
        });
      }
    }
  }

  withdrawn(session: Session): void {
    this.#withdrawn.add(keyOf(session));
  }

  done(asker: Asker): void {
    this.#waiting.delete(asker);
  }

  failed(asker: Asker, error: unknown): void {
    this.#waiting.delete(asker);
    if (error instanceof Cancelled && error !== asker.cancelled) {
      this.#witness.accuse('a cancel of one asker ended the sign-in of another');
    } else if (error instanceof Error && error.message === 'signed in elsewhere') {
      this.#witness.accuse('a sign-in failed because another window had brought it');
    }
  }
}

function keyOf({ id, signedInAt }: Session): string {
  return `${id} ${signedInAt}`;
}

/** The user has changed their mind. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

function isFor({ connection, account }: Session, asker: Asker): boolean {
  if (connection.name !== asker.connection.name || asker.account === 'another') {
    return false;
  }
  return asker.account === undefined || asker.account.id === account.id;
}

/** What was in the way may take a while to be noticed as gone. */
const AFTERMATH_MS = 180_000;

/** Whether anything was out of order on the machine lately or since `at`: then its windows may not see each other. */
export function wasTroubled({ world, spells }: Machine, at = world.now): boolean {
  return spells.some((spell) => spell.until > at - AFTERMATH_MS);
}
