import type { Clock } from '../../../common/clock.ts';
import { Emitter } from '../../../common/event.ts';
import type { ListingDraft } from '../listingDraft.ts';
import { retryAfterOf } from '../../../wire/errors.ts';
import { requestFailure } from './requestFailure.ts';
import type { RequestFailure } from './requestFailure.ts';
import type { RequestRate } from './requestRate.ts';
import { keyOf, RolesPlan } from './rolesPlan.ts';
import type { PlannedRequest } from './rolesPlan.ts';
import type { RolesSource } from './rolesSource.ts';

interface RolesFetchParts {
  readonly source: RolesSource;
  readonly rate: RequestRate;
  readonly clock: Clock;
}

/** Something arrived, or failed for good. */
export interface FetchProgress {
  /** Whether the user is looking at it. */
  readonly isPreferred: boolean;
}

const MAX_AT_A_TIME = 8;
/** A request that fails that often is given up, and its account named. */
const MAX_ATTEMPTS = 4;
/** After so many in a row there is no point in going on. */
const MAX_FAILURES_IN_A_ROW = 8;

/**
 * Lists all accounts and their roles into a draft, as fast as the service may be asked. What fails for one account is
 * noted there, and the rest goes on.
 */
export class RolesFetch {
  readonly #source: RolesSource;
  readonly #rate: RequestRate;
  readonly #plan: RolesPlan;
  readonly #attempts = new Map<string, number>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #ending = new AbortController();
  readonly #progress = new Emitter<FetchProgress>();
  readonly onDidProgress = this.#progress.event;
  #stopped: RequestFailure | undefined;

  /** @param since what was listed since then is not asked for again: milliseconds since the epoch */
  constructor({ source, rate, clock }: RolesFetchParts, draft: ListingDraft, since: number) {
    this.#source = source;
    this.#rate = rate;
    this.#plan = new RolesPlan(draft, since, clock);
  }

  /** See the constructor. */
  get since(): number {
    return this.#plan.since;
  }

  /** From now on these accounts come first. */
  prefer(accountIds: readonly string[]): void {
    this.#plan.prefer(accountIds);
  }

  /** Asks again for what was listed before then. @param since milliseconds since the epoch */
  renewSince(since: number): void {
    this.#plan.renewSince(since);
  }

  /**
   * Resolves once there is nothing left to ask for, or no point in asking: then with the reason.
   * @throws the signal's reason; what is no failure of a request
   */
  async run(signal: AbortSignal): Promise<RequestFailure | undefined> {
    const ending = AbortSignal.any([signal, this.#ending.signal]);
    try {
      while (await this.#step(ending)) {
        // Each step sends one request or waits for one.
      }
      ending.throwIfAborted();
    } catch (error) {
      if (this.#stopped === undefined) {
        throw error;
      }
    } finally {
      this.#ending.abort();
      await Promise.all(this.#underWay);
      this.#progress.dispose();
    }
    return this.#stopped;
  }

  async #step(signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    const isIdle = this.#plan.next === undefined;
    if (isIdle && this.#underWay.size === 0) {
      return false;
    }
    if (isIdle || this.#underWay.size >= MAX_AT_A_TIME) {
      await Promise.race(this.#underWay);
      return true;
    }
    const turn = await this.#rate.turn(signal);
    // What the user looks at may be something else by now.
    const request = this.#plan.next;
    if (request !== undefined) {
      this.#begin(request, turn, signal);
    }
    return true;
  }

  #begin(request: PlannedRequest, turn: number, signal: AbortSignal): void {
    this.#plan.begin(request);
    const work = this.#send(request, signal)
      .then(
        () => this.#rate.onAnswered(),
        (error: unknown) => this.#handleFailure(request, turn, error),
      )
      .catch((error: unknown) => this.#ending.abort(error))
      .finally(() => {
        this.#plan.end(request);
        this.#underWay.delete(work);
      });
    this.#underWay.add(work);
  }

  async #send(request: PlannedRequest, signal: AbortSignal): Promise<void> {
    const { nextToken } = request;
    if (request.kind === 'accounts') {
      this.#plan.addAccounts(await this.#source.listAccounts(nextToken, signal));
      this.#report(request);
    } else {
      const page = await this.#source.listAccountRoles(request.accountId, nextToken, signal);
      if (this.#plan.addRoles(request.accountId, page)) {
        this.#report(request);
      }
    }
  }

  #report(request: PlannedRequest): void {
    this.#progress.fire({ isPreferred: this.#plan.isPreferred(request) });
  }

  /** @throws what is no failure of a request */
  #handleFailure(request: PlannedRequest, turn: number, error: unknown): void {
    const failure = requestFailure(error);
    if (failure === undefined) {
      throw error;
    }
    if (failure.kind === 'throttled') {
      this.#rate.onThrottled(turn, retryAfterOf(error));
      this.#again(request, failure);
    } else if (failure.kind === 'transient') {
      this.#rate.onFailed(turn);
      this.#retry(request, failure);
    } else {
      this.#rate.onAnswered();
      this.#giveUp(request, failure);
    }
  }

  #retry(request: PlannedRequest, failure: RequestFailure): void {
    const key = keyOf(request);
    const attempts = (this.#attempts.get(key) ?? 0) + 1;
    this.#attempts.set(key, attempts);
    if (attempts < MAX_ATTEMPTS) {
      this.#again(request, failure);
    } else {
      this.#giveUp(request, failure);
    }
  }

  #again(request: PlannedRequest, failure: RequestFailure): void {
    if (this.#rate.failuresInARow >= MAX_FAILURES_IN_A_ROW) {
      this.#stop(failure);
    } else {
      this.#plan.again(request);
    }
  }

  #giveUp(request: PlannedRequest, failure: RequestFailure): void {
    if (request.kind === 'accounts' || failure.kind === 'signInNeeded') {
      this.#stop(failure);
    } else {
      this.#plan.fail(request.accountId, failure);
      this.#report(request);
    }
  }

  #stop(failure: RequestFailure): void {
    this.#stopped ??= failure;
    this.#ending.abort();
  }
}
