import { l10n, wordsOf } from '../common/words.ts';
import type { Session } from '../sessions/session.ts';
import type { ConfiguredConnection, Connection } from '../connections/connection.ts';
import { currentConnection } from '../connections/currentConnection.ts';
import { identityCenterKey, isBehind } from '../connections/identityCenter.ts';
import type { ConfiguredConnections, ConnectionList } from '../connections/connectionList.ts';
import { checkConnection } from './checkConnection.ts';
import type { ConnectionCheckParts } from './checkConnection.ts';
import { checkConfiguration, checkSessions, checkStorage } from './checkMachine.ts';
import type { MachineCheckParts } from './checkMachine.ts';
import { step } from './finding.ts';
import type { Finding } from './finding.ts';
import type { Report, Section } from './report.ts';

export interface DiagnosticsParts extends ConnectionCheckParts, MachineCheckParts {
  readonly connections: Pick<ConnectionList, 'read'>;
  readonly readSessions: () => readonly Session[];
  readonly facts: Readonly<Record<string, string>>;
}

interface Configuration {
  readonly configured: readonly ConfiguredConnection[];
  readonly findings: readonly Finding[];
}

const READ_MS = 5000;
/** A file with hundreds of connections is no reason to ask hundreds of services. */
const MAX_CONNECTIONS = 5;

/**
 * Checks everything between a user and their session. Each step has a time limit, and the others run even if one
 * fails.
 * @throws the signal's reason when it aborts
 */
export async function diagnose(parts: DiagnosticsParts, signal: AbortSignal): Promise<Report> {
  const at = parts.clock.now();
  const sessions = parts.readSessions();
  const { configured, findings } = await readConfiguration(parts, signal);
  const checked = connectionsToCheck(sessions, configured);
  const [storage, ...ways] = await Promise.all([
    checkStorage(parts, signal),
    ...checked.map((connection) => checkWay(connection, parts, signal)),
  ]);
  return {
    at,
    facts: parts.facts,
    sections: [
      { title: l10n.t('Settings and Files'), findings },
      { title: l10n.t('This Computer'), findings: storage },
      { title: l10n.t('Sessions'), findings: checkSessions(sessions, at) },
      ...ways,
    ],
  };
}

async function readConfiguration(
  { clock, connections }: DiagnosticsParts,
  signal: AbortSignal,
): Promise<Configuration> {
  let read: ConfiguredConnections = { connections: [], problems: [] };
  const reading = await step(l10n.t('Files'), { clock, limitMs: READ_MS, signal }, async () => {
    read = await connections.read();
    return '';
  });
  return {
    configured: read.connections,
    findings: reading.outcome === 'ok' ? checkConfiguration(read) : [reading],
  };
}

async function checkWay(
  connection: Connection,
  parts: DiagnosticsParts,
  signal: AbortSignal,
): Promise<Section> {
  const title = l10n.t('Connection to {0}', connection.name);
  try {
    return { title, findings: await checkConnection(connection, parts, signal) };
  } catch (error) {
    signal.throwIfAborted();
    const summary = l10n.t({
      message: 'The checks stopped: {0}',
      args: [wordsOf(error)],
      comment: ['{0} is a sentence that says why'],
    });
    return { title, findings: [{ title: l10n.t('Checks'), outcome: 'failed', summary }] };
  }
}

/**
 * Those of the sessions, as they are configured now where they lead to the same Identity Center still, then the others:
 * the first ones, each Identity Center once.
 */
function connectionsToCheck(
  sessions: readonly Session[],
  configured: readonly ConfiguredConnection[],
): readonly Connection[] {
  const offered = configured.map(({ connection }) => connection);
  const used = sessions.map((session) => {
    const { connection, isCorrected } = currentConnection(session.connection, offered);
    return isCorrected ? session.connection : connection;
  });
  const checked = new Map<string, Connection>();
  const others = offered.filter((connection) => !used.some((known) => isBehind(known, connection)));
  for (const connection of [...used, ...others]) {
    const key = identityCenterKey(connection);
    checked.set(key, checked.get(key) ?? connection);
  }
  return [...checked.values()].slice(0, MAX_CONNECTIONS);
}
