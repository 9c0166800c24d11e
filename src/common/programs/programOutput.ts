import { spawn } from 'node:child_process';

const MAX_CHARACTERS = 1_000_000;

export interface ProgramStart {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/**
 * Starts a program without a terminal or input. What it has started ends with it, where processes have groups.
 * @returns what it has written until it ended, until the signal aborted, or until that was more than a million characters
 */
export function programOutput({ file, args, env, cwd }: ProgramStart, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const hasGroup = process.platform !== 'win32';
    const child = spawn(file, args, { env, cwd, detached: hasGroup, stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    const end = (): void => {
      signal.removeEventListener('abort', end);
      child.stdout.destroy();
      endGroup(child.pid, hasGroup);
      resolve(output);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > MAX_CHARACTERS) {
        end();
      }
    });
    child.once('error', end);
    // Whatever goes on in the background may keep the output open.
    child.once('exit', () => setImmediate(end));
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) {
      end();
    }
  });
}

function endGroup(pid: number | undefined, hasGroup: boolean): void {
  try {
    if (pid !== undefined) {
      process.kill(hasGroup ? -pid : pid, 'SIGKILL');
    }
  } catch {
    // It has ended already.
  }
}
