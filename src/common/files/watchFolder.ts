import { watch } from 'node:fs';

/**
 * Calls back with the name of a file that was written in the folder, by any process; with `undefined` where the system
 * does not say which. Changes through other mounts or by other machines are not seen.
 * @throws what the file system says when the folder cannot be watched
 */
export function watchFolder(
  path: string,
  signal: AbortSignal,
  onChange: (name: string | undefined) => void,
): void {
  const watcher = watch(path, { persistent: false, signal }, (_kind, name) => onChange(name ?? undefined));
  watcher.on('error', () => watcher.close());
}
