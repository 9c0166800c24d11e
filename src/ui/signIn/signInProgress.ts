import * as vscode from 'vscode';

import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';

/** What is over sooner needs no word. In milliseconds. */
const SHOW_AFTER_MS = 500;

/**
 * A progress notification with a Cancel, for as long as it is not disposed of, which can make room meanwhile: VS Code
 * would keep it in sight behind a question that the progress itself waits for.
 */
export class SignInProgress implements Disposable {
  readonly #onCancel: () => void;
  readonly #timer: Disposable;
  #message = '';
  #isWanted = false;
  #hidden = 0;
  #report: ((message: string) => void) | undefined;
  #close: (() => void) | undefined;

  /** @param onCancel is called when the user cancels */
  constructor(clock: Clock, onCancel: () => void) {
    this.#onCancel = onCancel;
    this.#timer = clock.schedule(() => this.show(), SHOW_AFTER_MS);
  }

  /** Changes the text, whether it is shown by now or not. */
  report(message: string): void {
    this.#message = message;
    this.#report?.(message);
  }

  /** Shows it now. */
  show(): void {
    this.#isWanted = true;
    if (this.#hidden === 0 && this.#close === undefined) {
      this.#open();
    }
  }

  /** Keeps it out of sight while `work` lasts. */
  async hideWhile<T>(work: () => PromiseLike<T>): Promise<T> {
    this.#hidden += 1;
    this.#close?.();
    try {
      return await work();
    } finally {
      this.#hidden -= 1;
      if (this.#isWanted) {
        this.show();
      }
    }
  }

  #open(): void {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const close = (): void => {
      resolve();
      this.#close = undefined;
      this.#report = undefined;
    };
    this.#close = close;
    const options = { location: vscode.ProgressLocation.Notification, cancellable: true };
    void vscode.window.withProgress(options, async (progress, token) => {
      if (this.#close === close) {
        this.#report = (message) => progress.report({ message });
        this.#report(this.#message);
      }
      const listener = token.onCancellationRequested(() => this.#onCancel());
      await closed;
      listener.dispose();
    });
  }

  dispose(): void {
    this.#timer.dispose();
    this.#isWanted = false;
    this.#close?.();
  }
}
