import { mkdir, open, rm } from 'node:fs/promises';
import type { rename } from 'node:fs/promises';
import { dirname } from 'node:path';

import { delay } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { unlessMissing } from './missingFile.ts';
import type { Random } from '../random.ts';
import { readRegularFile } from './regularFile.ts';
import { PRIVATE_FOLDER_MODE } from './privateFolder.ts';

/** What a file is replaced with. */
export interface FileTools {
  readonly clock: Clock;
  readonly random: Random;
  readonly rename: typeof rename;
}

/** Virus scanners and backups hold files open for a moment; Windows then refuses the rename. */
const BUSY_CODES = new Set(['EPERM', 'EACCES', 'EBUSY']);
const RENAME_ATTEMPTS = 5;
const RENAME_PAUSE_MS = 40;

/** A file that only its owner reads and writes. */
const PRIVATE_FILE_MODE = 0o600;

/**
 * A file's text, or `undefined` while there is no such file.
 * @throws what the file system says
 */
export function readText(path: string): Promise<string | undefined> {
  return unlessMissing(readRegularFile(path));
}

/**
 * Replaces a file whole, for its owner only: a reader sees the old text or the new one, never a part. Makes its
 * folder when needed.
 * @param mode of the file, from its first byte on
 * @throws what the file system says; the signal's reason when `signal` aborts
 */
export async function replaceText(
  path: string,
  text: string,
  tools: FileTools,
  signal: AbortSignal,
  mode = PRIVATE_FILE_MODE,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER_MODE });
  const temporary = `${path}.${tools.random.uuid()}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await moveInPlace(temporary, path, tools, signal);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function moveInPlace(from: string, to: string, tools: FileTools, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await tools.rename(from, to);
      return;
    } catch (error) {
      if (attempt === RENAME_ATTEMPTS || !BUSY_CODES.has(codeOf(error) ?? '')) {
        throw error;
      }
      await delay(tools.clock, RENAME_PAUSE_MS * attempt, signal);
    }
  }
}

/** The system's code for an error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
