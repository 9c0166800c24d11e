/**
 * A process of its own that takes the operating system's file locks for an extension host: by exclusive transactions
 * on empty SQLite files, which lock on every platform, but whose calls block for as long as the file system pleases.
 * What it holds is free once it ends; it ends with the process that started it, however that ends.
 */
import { chmodSync, closeSync, openSync, rmSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

import type { HelperAnswer, HelperRequest } from './helperMessages.ts';

/** SQLITE_BUSY, with or without its extensions: another connection holds the lock. */
const SQLITE_BUSY = 5;
const PRIMARY_CODE = 0xff;
const OTHERS_MAY = 0o077;

const held = new Map<number, DatabaseSync>();

process.on('disconnect', () => process.exit());
process.on('message', (request: HelperRequest) => void perform(request));

async function perform(request: HelperRequest): Promise<void> {
  const { id, kind } = request;
  if (kind === 'release') {
    held.get(id)?.close();
    held.delete(id);
    return;
  }
  let answer: HelperAnswer;
  try {
    const isGranted = kind === 'lock' ? await lock(id, request.path) : create(request.path);
    answer = { id, outcome: isGranted ? 'granted' : 'busy' };
  } catch (error) {
    answer = { id, outcome: 'failed', code: codeOf(error) };
  }
  process.send?.(answer);
}

async function lock(id: number, path: string): Promise<boolean> {
  const { DatabaseSync: Database } = await import('node:sqlite');
  const database = new Database(path, { timeout: 0 });
  try {
    keepToOwner(path);
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (sqliteCode(error) === SQLITE_BUSY) {
      return false;
    }
    throw error;
  }
  held.set(id, database);
  return true;
}

/**
 * Whoever may open a lock's file may hold the lock. By path: closing another descriptor of a file would drop this
 * process's locks on it (fcntl).
 */
function keepToOwner(path: string): void {
  const { mode } = statSync(path);
  if ((mode & OTHERS_MAY) !== 0) {
    try {
      chmodSync(path, 0o600);
    } catch {
      // Some file systems have no modes. The folder keeps others out where there are any.
    }
  }
}

function create(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
  rmSync(path, { force: true });
  return true;
}

function sqliteCode(error: unknown): number | undefined {
  const isSqlite = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
  return isSqlite ? (error.errcode as number) & PRIMARY_CODE : undefined;
}

/** SQLite's codes are numbers: https://www.sqlite.org/rescode.html. */
function codeOf(error: unknown): string {
  const sqlite = sqliteCode(error);
  if (sqlite !== undefined) {
    return `SQLITE_${sqlite}`;
  }
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'Error';
}
