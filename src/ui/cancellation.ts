import * as vscode from 'vscode';

/** Runs `work` with a token that is cancelled when `signal` aborts. */
export async function withToken<T>(
  signal: AbortSignal,
  work: (token: vscode.CancellationToken) => PromiseLike<T>,
): Promise<T> {
  const source = new vscode.CancellationTokenSource();
  const onAbort = (): void => source.cancel();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    return await work(source.token);
  } finally {
    signal.removeEventListener('abort', onAbort);
    source.dispose();
  }
}

/**
 * The answer of a picker or an input box.
 * @throws the signal's reason where that closed it, else `vscode.CancellationError`: the user closed it
 */
export function answered<T>(answer: T | undefined, signal: AbortSignal): T {
  signal.throwIfAborted();
  if (answer === undefined) {
    throw new vscode.CancellationError();
  }
  return answer;
}
