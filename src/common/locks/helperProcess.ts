import type { ChildProcess, fork } from 'node:child_process';

import type { Clock } from '../clock.ts';
import { once } from '../disposable.ts';
import type { Disposable } from '../disposable.ts';
import type { HelperAnswer, HelperRequest } from './helperMessages.ts';

/** The program of the helper process, `lockHelper`, as it is here, and the environment it runs in. */
export interface HelperProgram {
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What came of a request to the helper. `silent`: no answer, because the file system blocks it. */
export type HelperOutcome =
  | { readonly kind: 'granted'; readonly lock: Disposable }
  | { readonly kind: 'busy' }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'silent' };

/** Milliseconds without an answer after which the file system is taken to block. A slow start fits in. */
const ANSWER_MS = 5000;
/** A timer that is later than this, in milliseconds, found this process busy or asleep: what came meanwhile is unread. */
const MAX_LATE_MS = 1000;
/** Milliseconds without a lock or a request after which the process ends: it takes some memory, and starts quickly. */
const IDLE_MS = 10_000;

/**
 * The extension host's side of `lockHelper`. A process rather than a thread: a thread that a file system blocks cannot
 * be ended, and keeps the process from exiting.
 */
export class HelperProcess implements Disposable {
  readonly #program: HelperProgram;
  readonly #clock: Clock;
  readonly #waiting = new Map<number, (outcome: HelperOutcome) => void>();
  readonly #held = new Set<number>();
  #child: ChildProcess | undefined;
  /** It has left a request without an answer: it is asked nothing more. */
  #isBlocked = false;
  #isDisposed = false;
  #idle: Disposable | undefined;
  #lastId = 0;

  constructor(program: HelperProgram, clock: Clock) {
    this.#program = program;
    this.#clock = clock;
  }

  /** Takes the system's lock on the file `path`, without waiting. The folder must be there. */
  lock(path: string): Promise<HelperOutcome> {
    return this.#ask('lock', path);
  }

  /** Whether that process could create the file `path`. What it creates it removes again. */
  create(path: string): Promise<HelperOutcome> {
    return this.#ask('create', path);
  }

  async #ask(kind: 'lock' | 'create', path: string): Promise<HelperOutcome> {
    if (this.#isBlocked) {
      return { kind: 'silent' };
    }
    this.#idle?.dispose();
    const id = (this.#lastId += 1);
    const { fork } = await import('node:child_process');
    return new Promise((resolve) => {
      const limit = this.#limit(id);
      this.#waiting.set(id, (outcome) => {
        limit.dispose();
        this.#waiting.delete(id);
        resolve(outcome);
        this.#endWhenIdle();
      });
      try {
        this.#child ??= this.#start(fork);
        this.#send(this.#child, { kind, id, path });
      } catch (error) {
        this.#settle(id, { kind: 'failed', code: error instanceof Error ? error.name : 'Error' });
      }
    });
  }

  /** Ends the wait for an answer. Time in which this process itself could not have read one does not count. */
  #limit(id: number): Disposable {
    const clock = this.#clock;
    const wait = (): Disposable => {
      const dueAt = clock.now() + ANSWER_MS;
      return clock.schedule(() => {
        if (clock.now() - dueAt > MAX_LATE_MS) {
          timer = wait();
        } else {
          this.#onSilence(id);
        }
      }, ANSWER_MS);
    };
    let timer = wait();
    return { dispose: () => timer.dispose() };
  }

  #start(startNode: typeof fork): ChildProcess {
    const { file, env } = this.#program;
    const child = startNode(file, [], { env, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    // Nothing here keeps the extension host running.
    child.unref();
    child.channel?.unref();
    child.on('message', (answer: HelperAnswer) => this.#onAnswer(child, answer));
    child.once('error', (error) => this.#onEnd(child, error.name));
    child.once('exit', (code, signal) => this.#onEnd(child, `exit ${code ?? signal}`));
    return child;
  }

  #send(child: ChildProcess, request: HelperRequest): void {
    // The event 'exit' reports a closed channel.
    child.send(request, () => undefined);
  }

  #onAnswer(child: ChildProcess, answer: HelperAnswer): void {
    const { id, outcome } = answer;
    this.#isBlocked = false;
    if (!this.#waiting.has(id)) {
      // Nobody waits for it any more, so nobody would release it.
      this.#send(child, { kind: 'release', id });
    } else if (outcome === 'granted') {
      this.#held.add(id);
      this.#settle(id, { kind: 'granted', lock: { dispose: once(() => this.#release(child, id)) } });
    } else {
      this.#settle(id, outcome === 'busy' ? { kind: 'busy' } : { kind: 'failed', code: answer.code });
    }
  }

  #settle(id: number, outcome: HelperOutcome): void {
    this.#waiting.get(id)?.(outcome);
  }

  #release(child: ChildProcess, id: number): void {
    this.#held.delete(id);
    this.#send(child, { kind: 'release', id });
    this.#endWhenIdle();
  }

  #onSilence(id: number): void {
    this.#isBlocked = true;
    this.#settle(id, { kind: 'silent' });
    this.#endWhenIdle();
  }

  #onEnd(child: ChildProcess, code: string): void {
    if (this.#child !== child) {
      return;
    }
    this.#child = undefined;
    this.#isBlocked = false;
    this.#held.clear();
    for (const id of this.#waiting.keys()) {
      this.#settle(id, { kind: 'failed', code });
    }
  }

  /** It holds its locks until it ends. A blocked one would not receive the request to end. */
  #endWhenIdle(): void {
    this.#idle?.dispose();
    if (this.#child === undefined || this.#held.size > 0 || this.#waiting.size > 0) {
      return;
    }
    if (this.#isBlocked || this.#isDisposed) {
      this.end();
    } else {
      this.#idle = this.#clock.schedule(() => this.end(), IDLE_MS);
    }
  }

  /** Ends the process at once, and with it every lock it holds. */
  end(): void {
    const child = this.#child;
    if (child !== undefined) {
      this.#onEnd(child, 'ended');
      child.kill('SIGKILL');
    }
  }

  /** Locks that are held stay so until they are released. */
  dispose(): void {
    this.#isDisposed = true;
    this.#endWhenIdle();
  }
}
