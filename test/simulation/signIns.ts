import type { Random } from '../../src/common/random.ts';
import type { Connection } from '../../src/connections/connection.ts';
import type { IssuedTokens } from '../../src/flows/tokens.ts';
import type { ChosenAccount } from '../../src/sessions/signIn/accounts.ts';
import type { Account, Session } from '../../src/sessions/session.ts';
import type { GrantedSignIn, KeptSignIn } from '../../src/sessions/signIn/signInKeeper.ts';
import { Askers, Cancelled, wasTroubled } from './askers.ts';
import type { Asker } from './askers.ts';
import type { Asking, SimulatedWindow } from './window.ts';
import type { Witness } from './witness.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** How often a second asker comes while the first waits, and the user wants an account that is not there yet. */
const TWO_ASKERS_PROBABILITY = 0.4;
const ANOTHER_PROBABILITY = 0.02;

/** What the user does about a sign-in. */
interface Decision {
  /** When the code that is shown is confirmed, after it was; never when absent. In milliseconds. */
  readonly confirmAfterMs?: number;
  /** When the asker gives up, after it asked; never when absent. In milliseconds. */
  readonly cancelAfterMs?: number;
  readonly byExtension: boolean;
}

/** What somebody asks for. */
interface Wish {
  readonly connection: Connection;
  /** The session that the user signs in to again. */
  readonly again?: Session | undefined;
}

interface SignInsParts {
  readonly witness: Witness;
  readonly random: Random;
  /** The windows of the same machine that somebody could ask in. */
  readonly windowsBeside: (window: SimulatedWindow) => readonly SimulatedWindow[];
  /** A sign-in that the service grants to the window. */
  readonly issue: (window: SimulatedWindow) => IssuedTokens;
  /** Keeps it in the window, and knows what is to be expected of it. */
  readonly keep: (window: SimulatedWindow, granted: GrantedSignIn) => Promise<KeptSignIn>;
  /** Undoes it where it was cancelled meanwhile. */
  readonly undo: (window: SimulatedWindow, kept: KeptSignIn) => Promise<void>;
}

/** How the user signs in: with a code that takes a while to confirm, and now and then twice at the same time. */
export class SignIns {
  readonly #parts: SignInsParts;
  readonly #askers: Askers;
  /** The ids of accounts that the user wanted beside another of the same Identity Center. */
  readonly #wantedBeside = new Set<string>();
  /** Those that came while something was out of order on their machine: nobody could know of others. */
  readonly #blind = new Set<string>();
  /** When each session was last signed in to, in true time. */
  readonly #keptAt = new Map<string, number>();

  constructor(parts: SignInsParts) {
    this.#parts = parts;
    this.#askers = new Askers(parts.witness);
  }

  /** One user has one account for each Identity Center, unless another one was asked for. */
  judgeDoubles({ sessions: { sessions } }: SimulatedWindow, { name }: Connection): void {
    const own = sessions.filter(
      ({ account, connection }) => connection.name === name && !this.#wantedBeside.has(account.id),
    );
    if (own.length > 1) {
      this.#judgeDoubles(own);
    }
  }

  #judgeDoubles(sessions: readonly Session[]): void {
    const { witness } = this.#parts;
    const isExcused = sessions.some(({ id }) => this.#blind.has(id));
    if (isExcused) {
      witness.excuse('signed in twice by windows that could not see each other');
    } else {
      witness.accuse('one user has two accounts for one Identity Center');
    }
  }

  /** The user asks for a sign-in at a window; perhaps somebody else does so at the same time. */
  begin(window: SimulatedWindow, wish: Wish): void {
    const { machine } = window;
    if (this.#askers.isAskedFor(machine, wish.connection)) {
      return;
    }
    const { random, windowsBeside } = this.#parts;
    if (!machine.strikes(TWO_ASKERS_PROBABILITY)) {
      void this.#ask(window, wish, this.#decide());
      return;
    }
    machine.faults.add('two askers');
    const isTogether = random.uniform() < 0.5;
    const [first, second] = this.#decideForTwo(isTogether);
    void this.#ask(window, wish, first);
    const beside = windowsBeside(window);
    const other = beside[Math.floor(random.uniform() * beside.length)] ?? window;
    // The other one may not know of the session that the first one asks for.
    const { connection } = wish;
    const otherWish = random.uniform() < 0.5 ? wish : { connection };
    machine.world.after((isTogether ? 0.1 : 20) * SECOND_MS * random.uniform(), () => {
      if (other.process.isAlive && !other.process.isFrozen) {
        void this.#ask(other, otherWish, second);
      }
    });
    if (random.uniform() < 0.2) {
      const dying = random.uniform() < 0.5 ? window : other;
      machine.world.after(MINUTE_MS * random.uniform(), () => dying.process.kill());
    }
  }

  /** A sign-in that needs no code: its tokens are at hand. */
  atOnce(window: SimulatedWindow, session: Session, keep = this.#parts.keep): void {
    const { connection } = session;
    void this.#ask(window, { connection, again: session }, undefined, keep);
  }

  #decide(): Decision {
    const { random } = this.#parts;
    const byExtension = random.uniform() < 0.5;
    const fate = random.uniform();
    const afterMs = 2 * MINUTE_MS * random.uniform();
    if (fate < 0.05) {
      return { byExtension };
    }
    return fate < 0.1 ? { byExtension, cancelAfterMs: afterMs } : { byExtension, confirmAfterMs: afterMs };
  }

  /** Both are confirmed, hardly apart or after a while; or one of them is cancelled. */
  #decideForTwo(isTogether: boolean): readonly [Decision, Decision] {
    const { random } = this.#parts;
    const confirmAfterMs = 2 * MINUTE_MS * random.uniform();
    const apartMs = (isTogether ? 0.5 : 60) * SECOND_MS * random.uniform();
    const both = [
      { confirmAfterMs, byExtension: random.uniform() < 0.5 },
      { confirmAfterMs: confirmAfterMs + apartMs, byExtension: random.uniform() < 0.5 },
    ] as const;
    const cancel = { cancelAfterMs: confirmAfterMs * random.uniform() };
    const fate = random.uniform();
    const [first, second] = both;
    // A code in a window that both share stays on show as long as one of them wants it.
    return fate < 0.2
      ? [{ ...first, ...cancel }, second]
      : fate < 0.4
        ? [first, { ...second, ...cancel }]
        : both;
  }

  async #ask(
    window: SimulatedWindow,
    wish: Wish,
    decision: Decision | undefined,
    keep = this.#parts.keep,
  ): Promise<void> {
    const { machine, process } = window;
    const { connection, again } = wish;
    const { cancelAfterMs, confirmAfterMs, byExtension = false } = decision ?? {};
    const asker: Asker = {
      machine,
      process,
      connection,
      account: again?.account,
      cancelled: new Cancelled('the user changed their mind'),
    };
    const controller = new AbortController();
    if (cancelAfterMs !== undefined) {
      process.tell(cancelAfterMs, () => controller.abort(asker.cancelled));
    }
    let beganAt = Infinity;
    const asking: Asking = {
      wanted: wantedSignIn(wish, byExtension),
      signal: controller.signal,
      onBegin: () => {
        beganAt = machine.world.now;
        this.#askers.add(asker);
      },
      chooseAccount: (accounts) => (asker.account = this.#choose(accounts)),
      onCode:
        decision &&
        ((code) => {
          if (confirmAfterMs !== undefined) {
            machine.world.after(confirmAfterMs, () => code.confirm());
          }
        }),
      issue: () => this.#parts.issue(window),
      keep: (granted) => this.#keep(window, granted, beganAt, keep),
      undo: (kept) => {
        this.#keptAt.delete(kept.session.id);
        this.#askers.withdrawn(kept.session);
        return this.#parts.undo(window, kept);
      },
    };
    try {
      await (byExtension ? window.signInForExtension(asking) : window.signIn(asking));
      this.#askers.done(asker);
    } catch (error) {
      this.#askers.failed(asker, error);
    }
  }

  #choose(accounts: readonly Account[]): ChosenAccount {
    const [known = 'another'] = accounts;
    const isAnother = accounts.length === 1 && this.#parts.random.uniform() < ANOTHER_PROBABILITY;
    return isAnother ? 'another' : known;
  }

  async #keep(
    window: SimulatedWindow,
    granted: GrantedSignIn,
    beganAt: number,
    keep: SignInsParts['keep'],
  ): Promise<KeptSignIn> {
    const { witness } = this.#parts;
    const { machine } = window;
    const live = await keep(window, granted);
    const { session, tokens } = live;
    if (tokens.accessToken !== granted.issued.accessToken) {
      return live;
    }
    const before = this.#keptAt.get(session.id) ?? -Infinity;
    if (before > beganAt && !wasTroubled(machine, before)) {
      witness.accuse('what one asker brought was thrown away for what the other brought');
    }
    if (!this.#keptAt.has(session.id)) {
      // No lock keeps two tabs on two machines from signing in at once.
      const isFarApart = machine.isBrowser && machine.home.isShared;
      if (isFarApart || wasTroubled(machine, beganAt)) {
        this.#blind.add(session.id);
      }
      window.process.tell(MINUTE_MS, () => this.judgeDoubles(window, session.connection));
    }
    this.#keptAt.set(session.id, machine.world.now);
    if (granted.account === 'another') {
      this.#wantedBeside.add(session.account.id);
    }
    witness.grants.kept(granted.issued);
    this.#askers.brought(session, machine);
    return live;
  }
}

function wantedSignIn({ connection, again }: Wish, byExtension: boolean): Asking['wanted'] {
  return {
    connection,
    scopes: [],
    ...(again !== undefined && { account: again.account }),
    ...(again !== undefined && !byExtension && { renews: again.id }),
  };
}
