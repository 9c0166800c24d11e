import type { Connection, InteractiveConnection } from '../../connections/connection.ts';
import { connectionPrompts } from './connectionInput.ts';
import { newConnection } from './newConnection.ts';
import type { ConfirmedHint, ConnectionChecks, ConnectionHint } from './newConnection.ts';

/** Connections that are not configured yet. Everything ends with the signal's reason when that aborts. */
export interface NewConnections {
  /**
   * The start URL of the access portal that a company's own domain leads to.
   * @throws StartUrlError; vscode.CancellationError when the user cancels
   */
  resolve(startUrl: string, signal: AbortSignal): Promise<string>;
  /**
   * Asks for a connection and checks it for a sign-in with `scopes`: see `newConnection`.
   * @throws vscode.CancellationError when the user closes a box
   */
  ask(
    hint: ConnectionHint | ConfirmedHint,
    existing: readonly Connection[],
    scopes: readonly string[],
    signal: AbortSignal,
  ): Promise<InteractiveConnection>;
}

/** The checks of a new connection, for a sign-in with `scopes`. */
export type NewChecks = (scopes: readonly string[], signal: AbortSignal) => ConnectionChecks;

export function newConnections(checks: NewChecks): NewConnections {
  return {
    resolve: (startUrl, signal) => checks([], signal).resolve(startUrl),
    ask: (hint, existing, scopes, signal) =>
      newConnection(hint, existing, connectionPrompts(signal), checks(scopes, signal)),
  };
}
