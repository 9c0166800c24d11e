import type * as vscode from 'vscode';

import type { Clock } from '../common/clock.ts';
import type { DisposableStore } from '../common/disposable.ts';
import { lazily } from '../common/lazily.ts';
import type { Random } from '../common/random.ts';
import type { ConnectionList } from '../connections/connectionList.ts';
import type { SessionManager } from '../sessions/sessionManager.ts';
import type { GetGrants } from './lazyGrants.ts';
import type { openNetwork } from './network.ts';
import type { Storage } from './storage.ts';

interface LazyDiagnosticsParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: ReturnType<typeof openNetwork>;
  readonly storage: Storage;
  readonly context: vscode.ExtensionContext;
  readonly home: string;
  readonly connections: ConnectionList;
  readonly sessions: SessionManager;
  readonly grants: GetGrants;
  readonly disposables: DisposableStore;
}

/** Runs the diagnostics, and opens a report; loaded when first used. */
export function lazyDiagnostics(parts: LazyDiagnosticsParts): () => Promise<void> {
  const { clock, random, network, storage, context, home, connections, sessions, grants } = parts;
  const diagnostics = lazily(async () => {
    const { Diagnostics } = await import('../ui/diagnostics/runDiagnostics.ts');
    const checked = {
      clock,
      random,
      fetch: network.fetch,
      readNetworkSettings: network.readSettings,
      readAuthorities: network.readAuthorities,
      flowContext: (await grants()).flowContext,
      secrets: context.secrets,
      locks: storage.locks,
      storage: storage.folder,
      connections,
      readSessions: () => sessions.sessions,
    };
    return parts.disposables.add(new Diagnostics(context.extension, home, checked));
  });
  return async () => (await diagnostics()).run();
}
