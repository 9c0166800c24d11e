import type { IssuedTokens } from '../../src/flows/tokens.ts';
import type { Process } from './process.ts';
import type { Family, Server } from './server.ts';

/** Why a granted sign-in is left alive at the service though nobody will ever use it. */
export type LeftAlive =
  /** The answer that brought it was lost, or came after a cancel. */
  | 'granted in an answer that reached nobody'
  /** The window that had it died before it could keep it, or end it. */
  | 'granted to a window that died'
  /** It was signed out, as far as the service could be reached. */
  | 'ended here only: the service could not be reached';

interface Grant {
  readonly process: Process;
  isReceived: boolean;
  isKept: boolean;
  /** Whether a window has tried to end it at the service. */
  isDropped: boolean;
}

/** What became of every sign-in that the service has granted. */
export class Grants {
  readonly #server: Server;
  /** Those whose fate is open. */
  readonly #open = new Map<Family, Grant>();

  constructor(server: Server) {
    this.#server = server;
  }

  granted(issued: IssuedTokens, process: Process): void {
    this.#open.set(this.#server.familyOfSignIn(issued), {
      process,
      isReceived: false,
      isKept: false,
      isDropped: false,
    });
  }

  received(issued: IssuedTokens): void {
    this.#note(issued, { isReceived: true });
  }

  kept(issued: IssuedTokens): void {
    this.#note(issued, { isKept: true });
  }

  dropped(issued: IssuedTokens): void {
    this.#note(issued, { isKept: false, isDropped: true });
  }

  #note(issued: IssuedTokens, change: Partial<Grant>): void {
    const grant = this.#open.get(this.#server.familyOfSignIn(issued));
    if (grant !== undefined) {
      Object.assign(grant, change);
    }
  }

  /** When all is calm: each of them is kept, or over, or there is a reason; `undefined` where there is none. */
  judge(): readonly (LeftAlive | undefined)[] {
    const alive = [...this.#open].filter(([family, { isKept }]) => !isKept && !this.#server.isOver(family));
    const open = alive.filter(([, { process }]) => process.isAlive && process.isFrozen);
    const settled = alive.filter((entry) => !open.includes(entry));
    this.#open.clear();
    for (const [family, grant] of open) {
      this.#open.set(family, grant);
    }
    return settled.map(([, grant]) => whyAlive(grant));
  }
}

function whyAlive({ process, isReceived, isDropped }: Grant): LeftAlive | undefined {
  if (!isReceived) {
    return 'granted in an answer that reached nobody';
  }
  if (isDropped) {
    return 'ended here only: the service could not be reached';
  }
  return process.isAlive ? undefined : 'granted to a window that died';
}
