import type { SessionAnswer } from '../../../src/roles/credentials/roleSessions.ts';
import { roleKey } from '../../../src/roles/credentials/roleCredentials.ts';
import type { RoleCredentials, SessionRole } from '../../../src/roles/credentials/roleCredentials.ts';
import type { Random } from '../../../src/common/random.ts';
import { pick } from '../chance.ts';
import type { Process } from '../process.ts';
import { serviceError } from '../server.ts';
import type { World } from '../world.ts';

const MINUTE_MS = 60_000;
const LIFETIMES_MS = [15 * MINUTE_MS, 60 * MINUTE_MS, 12 * 60 * MINUTE_MS];
const LATENCY_MS = 300;
const HANGS_MS = 15_000;

/** A sign-in of a session, as far as roles are concerned. */
interface SignIn {
  state: SessionAnswer['kind'];
  /** Counts the sign-ins: credentials of an earlier one must not be used after it has ended. */
  number: number;
}

/** Whose credentials these are: the simulated portal writes it into them. */
export interface Issued {
  readonly key: string;
  readonly signIn: number;
}

/** The access portal, and the sessions as the user changes them. */
export class RolePortal {
  readonly #world: World;
  readonly #process: Process;
  readonly #random: Random;
  readonly #signIns = new Map<string, SignIn>();
  readonly #asked = new Set<string>();
  readonly #forbidden = new Set<string>();
  readonly #accuse: (what: string) => void;
  /** How large a share of requests fails just now. */
  trouble = 0.02;
  requests = 0;

  constructor(
    world: World,
    process: Process,
    random: Random,
    sessionIds: readonly string[],
    accuse: (what: string) => void,
  ) {
    this.#world = world;
    this.#process = process;
    this.#random = random;
    this.#accuse = accuse;
    for (const id of sessionIds) {
      this.#signIns.set(id, { state: 'signedIn', number: 1 });
    }
  }

  signIn(sessionId: string): SignIn {
    const signIn = this.#signIns.get(sessionId);
    if (signIn === undefined) {
      throw new Error(`There is no session ${sessionId}.`);
    }
    return signIn;
  }

  /** The user signs out or in, or the session comes to need it. */
  change(sessionId: string, state: SignIn['state']): void {
    const signIn = this.signIn(sessionId);
    if (signIn.state !== 'signedIn' && state === 'signedIn') {
      signIn.number += 1;
    }
    signIn.state = state;
  }

  /** An administrator gives back what was taken away, or takes away this role. */
  toggle(role: SessionRole): void {
    if (this.#forbidden.size > 0) {
      this.#forbidden.clear();
    } else {
      this.#forbidden.add(roleKey(role));
    }
  }

  async ask(sessionId: string): Promise<SessionAnswer> {
    const { state } = this.signIn(sessionId);
    return state === 'signedIn'
      ? { kind: state, getCredentials: (role, signal) => this.#credentials(role, signal) }
      : { kind: state };
  }

  async #credentials(role: SessionRole, signal: AbortSignal): Promise<RoleCredentials> {
    const key = roleKey(role);
    if (this.#asked.has(key)) {
      this.#accuse('credentials were requested twice at once');
    }
    this.#asked.add(key);
    this.requests += 1;
    const { number } = this.signIn(role.sessionId);
    try {
      await this.#answered(signal);
      if (this.#random.uniform() < this.trouble) {
        throw serviceError('TooManyRequestsException', 429);
      }
      if (this.#forbidden.has(key)) {
        throw serviceError('ForbiddenException', 403);
      }
      const issued: Issued = { key, signIn: number };
      return {
        accessKeyId: JSON.stringify(issued),
        secretAccessKey: 'secret',
        sessionToken: 'token',
        expiration: this.#world.now + (pick(this.#random, LIFETIMES_MS) ?? MINUTE_MS),
      };
    } finally {
      this.#asked.delete(key);
    }
  }

  #answered(signal: AbortSignal): Promise<void> {
    const isLate = this.#random.uniform() < this.trouble;
    return new Promise((resolve, reject) => {
      // A process that stands still hears of it later.
      const timer = this.#process.clock.schedule(
        resolve,
        isLate ? HANGS_MS : LATENCY_MS * this.#random.uniform(),
      );
      signal.addEventListener('abort', () => {
        timer.dispose();
        reject(signal.reason as Error);
      });
    });
  }
}
