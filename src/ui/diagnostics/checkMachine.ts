import type { Clock } from '../../common/clock.ts';
import type { Random } from '../../common/random.ts';
import { inEnglish } from '../../common/words.ts';
import type { Locks } from '../../sessions/locks.ts';
import type { SecretStore } from '../../sessions/secretVault.ts';
import type { Session } from '../../sessions/session.ts';
import type { ConfiguredConnections } from '../connectionList.ts';
import { timeLeftWords } from '../sessionState.ts';
import { step, StepFailure } from './finding.ts';
import type { Finding } from './finding.ts';

/** What of the machine is looked at. */
export interface MachineCheckParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: SecretStore;
  /** Whether a secret may be written as a test. In a browser tab that would overwrite what other tabs have stored. */
  readonly mayWriteSecret: boolean;
  readonly locks: Locks;
  /** Where the locks and the list of sessions lie. */
  readonly storage: string;
}

const LIMIT_MS = 5000;
const PROBE_SECRET = 'diagnostics';
const KEYCHAIN_ADVICE =
  "Unlock the operating system's keychain, or see “Troubleshooting keychain issues” in the documentation of VS Code. Until then sign-ins last as long as this window.";

/** The settings and the AWS configuration. */
export function checkConfiguration({ connections, problems }: ConfiguredConnections): readonly Finding[] {
  const title = 'Connections';
  const names = connections.map(({ connection, origin }) => `${connection.name} (${ORIGINS[origin]})`);
  return [
    connections.length === 0
      ? { title, outcome: 'skipped', summary: 'None is configured yet. Signing in asks for the start URL.' }
      : { title, outcome: 'ok', summary: `${connections.length}: ${shortened(names)}.` },
    ...problems.slice(0, MOST_PROBLEMS).map(({ entry, message }): Finding => ({
      title: entry,
      outcome: 'failed',
      summary: message,
      advice: 'Correct the entry; the others work meanwhile.',
    })),
  ];
}

const ORIGINS = { settings: 'settings', awsConfig: 'AWS config file' } as const;
const MOST_NAMES = 20;
const MOST_PROBLEMS = 20;

function shortened(names: readonly string[]): string {
  const others = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (others > 0 ? ` and ${others} more` : '');
}

/** The secret storage and the locks. */
export function checkStorage(parts: MachineCheckParts, signal: AbortSignal): Promise<readonly Finding[]> {
  const limits = { clock: parts.clock, limitMs: LIMIT_MS, signal };
  return Promise.all([
    step('Secret storage', limits, () => (parts.mayWriteSecret ? writeAndRead(parts) : readOnly(parts))),
    step('Locks', limits, () => takeLock(parts)),
  ]);
}

async function writeAndRead({ secrets, random }: MachineCheckParts): Promise<string> {
  const value = random.uuid();
  try {
    await secrets.store(PROBE_SECRET, value);
    if ((await secrets.get(PROBE_SECRET)) !== value) {
      throw new StepFailure('What was stored a moment ago is not there any more.', KEYCHAIN_ADVICE);
    }
    await secrets.delete(PROBE_SECRET);
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(String(error));
    throw error instanceof StepFailure ? error : new StepFailure(`It refuses: ${message}`, KEYCHAIN_ADVICE);
  }
  return 'A secret can be stored, read and deleted.';
}

async function readOnly({ secrets }: MachineCheckParts): Promise<string> {
  await secrets.get(PROBE_SECRET);
  return 'It can be read. Writing is not tried in the browser, where each tab has its own copy.';
}

async function takeLock({ locks, storage }: MachineCheckParts): Promise<string> {
  const advice = `Check that the folder ${storage} is on a local disk and can be written to.`;
  try {
    const lock = await locks.acquire('diagnostics', 1000);
    if (lock === undefined) {
      throw new StepFailure(
        'Another window has held the lock for a second.',
        'Close the other windows, or try again.',
      );
    }
    lock.dispose();
    await locks.discard('diagnostics');
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(String(error));
    throw error instanceof StepFailure ? error : new StepFailure(`No lock can be taken: ${message}`, advice);
  }
  return `Locks work in ${storage}.`;
}

/** The sessions, without anything that was issued to them. @param now milliseconds since the epoch */
export function checkSessions(sessions: readonly Session[], now: number): readonly Finding[] {
  return sessions.length === 0
    ? [{ title: 'Sessions', outcome: 'skipped', summary: 'Nobody is signed in.' }]
    : sessions.map((session) => checkSession(session, now));
}

function checkSession({ account, connection, scopes, state }: Session, now: number): Finding {
  const title = `${account.label} (${connection.name}, ${connection.region}, ${scopes.join(' ') || 'default scope'})`;
  if (state.kind === 'needsSignIn') {
    const request = state.requestId === undefined ? '' : `, request id ${state.requestId}`;
    const summary = `Needs sign-in since ${timeText(state.since)}: ${state.reason}${request}.`;
    return { title, outcome: 'failed', summary, advice: 'Sign in again.' };
  }
  const leftMs = state.expiresAt - now;
  const facts = [
    inEnglish(timeLeftWords(leftMs)),
    state.refreshable ? 'refreshable' : 'not refreshable',
    state.lastRefresh && `last refresh ${timeText(state.lastRefresh.at)}: ${state.lastRefresh.result}`,
    state.retry && `${state.retry.failures} failed in a row`,
  ];
  const isTroubled = leftMs <= 0 || state.retry !== undefined;
  return {
    title,
    outcome: isTroubled ? 'failed' : 'ok',
    summary: `Signed in: ${facts.filter(Boolean).join(', ')}.`,
    ...(isTroubled && {
      advice: 'The refresh is tried again by itself. See what fails in the way to the connection.',
    }),
  };
}

function timeText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
