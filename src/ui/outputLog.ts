import type { LogOutputChannel } from 'vscode';

import type { Log, LogEvent } from '../common/log.ts';
import { oneLine } from '../common/outsideText.ts';

/** A {@link Log} in VS Code's output view. It writes the members of the allow-list, and no others. */
export class OutputLog implements Log {
  readonly #channel: LogOutputChannel;

  constructor(channel: LogOutputChannel) {
    this.#channel = channel;
  }

  info(event: LogEvent): void {
    this.#channel.info(line(event));
  }

  warn(event: LogEvent): void {
    this.#channel.warn(line(event));
  }
}

function line({ operation, outcome, ...rest }: LogEvent): string {
  const { connection, session, status, requestId, durationMs, code } = rest;
  const details = Object.entries({ connection, session, status, requestId, durationMs, code })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`);
  return oneLine([`${operation}: ${outcome}`, ...details].join(' '));
}
