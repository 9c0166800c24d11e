import { watch } from 'node:fs';

/**
 * Calls back with the name of a file that was written in the folder, by whomever; with `undefined` where the system does
 * not tell which. Of other mounts and machines it tells nothing.
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
