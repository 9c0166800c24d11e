import * as vscode from 'vscode';

import { plain } from './plainText.ts';

/**
 * Runs `work` with a notification that has a Cancel.
 * @throws vscode.CancellationError when the user cancels, the reason of `outer` when that aborts, what `work` throws
 */
export async function withCancellableProgress<T>(
  title: string,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: plain(title),
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (_progress, token) => {
    const cancelled = new AbortController();
    const onCancel = token.onCancellationRequested(() => cancelled.abort(new vscode.CancellationError()));
    try {
      return await work(AbortSignal.any([outer, cancelled.signal]));
    } finally {
      onCancel.dispose();
    }
  });
}
