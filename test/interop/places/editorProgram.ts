import { copyFile, cp, link, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import type { EditorProgram } from '../editor/window.ts';
import { placeFolder } from './places.ts';
import type { Place, SharedFolder } from './places.ts';

const REPOSITORY = resolve(import.meta.dirname, '..', '..', '..');
const EXTENSION = join('dist', 'extension');

/**
 * An editor that the place's own programs can start by its path, as a role terminal's files have them do, and the
 * extension as it is built here, in the shared folder.
 */
export async function editorProgram(place: Place, folder: SharedFolder): Promise<EditorProgram> {
  if (place === 'npm') {
    return { executable: process.execPath, extensionPath: REPOSITORY };
  }
  const executable = join(placeFolder(place), 'usr', 'local', 'lib', 'editor', 'node');
  await mkdir(dirname(executable), { recursive: true });
  await placeFile(process.execPath, executable);
  const extensionPath = join(folder.path, 'extension');
  await cp(join(REPOSITORY, EXTENSION), join(extensionPath, EXTENSION), { recursive: true });
  return { executable, extensionPath };
}

/** By a link where that can be, because it is large. */
async function placeFile(from: string, to: string): Promise<void> {
  await link(from, to).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') {
      await copyFile(from, to);
    }
  });
}
