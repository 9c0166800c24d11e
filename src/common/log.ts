/** All that may be logged: an allow-list, because what has no field here cannot leak. */
export interface LogEvent {
  /** What was done, in a word or two: `refresh`, `sign-in`, `read index`. */
  readonly operation: string;
  readonly outcome: string;
  /** The connection's name. */
  readonly connection?: string;
  /** A session's id. */
  readonly session?: string;
  /** HTTP status. */
  readonly status?: number;
  readonly requestId?: string;
  readonly durationMs?: number;
  /** A machine-readable error code. */
  readonly code?: string;
}

/** Where the parts report what they do. */
export interface Log {
  info(event: LogEvent): void;
  warn(event: LogEvent): void;
}

/** An error's machine-readable code, or its class: never its message, which may quote what it was about. */
export function errorCode(error: unknown): string {
  if (error instanceof Error) {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
    return code || error.name || 'Error';
  }
  return typeof error;
}
