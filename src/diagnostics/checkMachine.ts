import type { Clock } from '../common/clock.ts';
import type { Random } from '../common/random.ts';
import { joined, l10n, wordsOf } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import { wholeSeconds } from '../common/wholeSeconds.ts';
import type { HostLocks } from '../common/locks/hostLocks.ts';
import type { SecretStore } from '../sessions/vault/secretVault.ts';
import type { Session, SessionState } from '../sessions/session.ts';
import type { ConfiguredConnections } from '../connections/connectionList.ts';
import { reasonWords, refreshedWords, refreshFailedWords, timeLeftWords } from '../sessions/sessionState.ts';
import { requestIdWords } from '../wire/quotedWords.ts';
import { checkLocks } from './checkLocks.ts';
import { step, StepFailure } from './finding.ts';
import type { Finding } from './finding.ts';

/** What is checked on the machine. */
export interface MachineCheckParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: SecretStore;
  /** Whether a secret may be written as a test. In a browser tab that would overwrite what other tabs have stored. */
  readonly mayWriteSecret: boolean;
  readonly locks: Pick<HostLocks, 'examine'>;
  /** The folder of the locks and of the list of sessions. */
  readonly storage: string;
}

const LIMIT_MS = 5000;
/** That a lock is never answered takes a while to know. */
const LOCKS_LIMIT_MS = 20_000;
const PROBE_SECRET = 'diagnostics';
const KEYCHAIN_ADVICE = l10n.t(
  "Unlock the operating system's keychain, or see “Troubleshooting keychain issues” in the VS Code documentation. Until then, sign-ins last only as long as this window.",
);

/** The settings and the AWS configuration. */
export function checkConfiguration({ connections, problems }: ConfiguredConnections): readonly Finding[] {
  const title = l10n.t('Connections');
  const names = connections.map(({ connection, origin }) => [connection.name, ' (', ORIGINS[origin], ')']);
  return [
    connections.length === 0
      ? {
          title,
          outcome: 'skipped',
          summary: l10n.t(
            "No connections are configured yet. When you sign in, you're asked for the start URL.",
          ),
        }
      : { title, outcome: 'ok', summary: [shortened(names), '.'] },
    ...problems.slice(0, MAX_PROBLEMS).map(({ entry, message }): Finding => ({
      title: entry,
      outcome: 'failed',
      summary: message,
      advice: l10n.t('Correct this entry. The other entries still work.'),
    })),
  ];
}

const ORIGINS = { settings: l10n.t('Settings'), awsConfig: l10n.t('AWS config file') } as const;
const MAX_NAMES = 20;
const MAX_PROBLEMS = 20;

function shortened(names: readonly Words[]): Words {
  const others = names.length - MAX_NAMES;
  const first = joined(', ', names.slice(0, MAX_NAMES));
  return others > 0
    ? l10n.t({
        message: '{0}, and {1} more',
        args: [first, others],
        comment: ['{0} is a list of connections'],
      })
    : first;
}

/** The secret storage and the locks. */
export function checkStorage(parts: MachineCheckParts, signal: AbortSignal): Promise<readonly Finding[]> {
  const limits = { clock: parts.clock, limitMs: LIMIT_MS, signal };
  return Promise.all([
    step(l10n.t('Secret storage'), limits, () =>
      parts.mayWriteSecret ? writeAndRead(parts) : readOnly(parts),
    ),
    step(l10n.t('Locks'), { ...limits, limitMs: LOCKS_LIMIT_MS }, () =>
      checkLocks(parts.locks, parts.storage),
    ),
  ]);
}

async function writeAndRead({ secrets, random }: MachineCheckParts): Promise<Words> {
  const value = random.uuid();
  try {
    await secrets.store(PROBE_SECRET, value);
    if ((await secrets.get(PROBE_SECRET)) !== value) {
      throw new StepFailure(l10n.t("A value just saved couldn't be read back."), KEYCHAIN_ADVICE);
    }
    await secrets.delete(PROBE_SECRET);
  } catch (error) {
    throw error instanceof StepFailure
      ? error
      : new StepFailure(
          l10n.t({
            message: 'Secret storage returned an error: {0}',
            args: [wordsOf(error)],
            comment: ["{0} is an error's own message"],
          }),
          KEYCHAIN_ADVICE,
        );
  }
  return l10n.t('Secrets can be saved, read, and deleted.');
}

async function readOnly({ secrets }: MachineCheckParts): Promise<Words> {
  await secrets.get(PROBE_SECRET);
  return l10n.t("Secrets can be read. Saving isn't tested in a browser, where each tab has its own copy.");
}

/** The sessions, without anything that was issued to them. @param now milliseconds since the epoch */
export function checkSessions(sessions: readonly Session[], now: number): readonly Finding[] {
  return sessions.length === 0
    ? [{ title: l10n.t('Sessions'), outcome: 'skipped', summary: l10n.t('Not signed in.') }]
    : sessions.map((session) => checkSession(session, now));
}

function checkSession({ account, connection, scopes, state }: Session, now: number): Finding {
  const scopeNames =
    scopes.length === 0
      ? l10n.t({ message: 'Default scope', comment: ['The value of a row: which scopes were requested'] })
      : scopes.join(' ');
  const name = connection.name === account.label ? [] : [connection.name];
  const title = [`${account.label} (`, joined(', ', [...name, connection.region, scopeNames]), ')'];
  return { title, ...(state.kind === 'signedIn' ? checkSignedIn(state, now) : checkNeedsSignIn(state)) };
}

function checkNeedsSignIn({
  since,
  reason,
  requestId,
}: SessionState & { readonly kind: 'needsSignIn' }): Omit<Finding, 'title'> {
  return {
    outcome: 'failed',
    summary: joined(' ', [
      reasonWords(reason),
      l10n.t({
        message: 'A new sign-in is needed since {0} ({1}).',
        args: [wholeSeconds(since), reason],
        comment: ['{0} is a time, {1} a code, such as rejected'],
      }),
      ...(requestId === undefined ? [] : [requestIdWords(requestId)]),
    ]),
    advice: l10n.t('Sign in again.'),
  };
}

function checkSignedIn(
  { expiresAt, refreshable, lastRefresh, retry, tokensMissing }: SessionState & { readonly kind: 'signedIn' },
  now: number,
): Omit<Finding, 'title'> {
  if (tokensMissing === true) {
    return { outcome: 'failed', summary: reasonWords('tokenMissing'), advice: l10n.t('Sign in again.') };
  }
  const failed = lastRefresh !== undefined && lastRefresh.result !== 'refreshed' ? lastRefresh : undefined;
  const facts = [
    timeLeftWords(expiresAt - now),
    refreshable ? l10n.t('Can be renewed') : l10n.t("Can't be renewed"),
    ...(lastRefresh?.result === 'refreshed' ? [refreshedWords(wholeSeconds(lastRefresh.at))] : []),
    ...(retry === undefined ? [] : [failuresWords(retry.failures)]),
    // The error code, for whoever helps.
    ...(failed === undefined ? [] : [failed.result]),
  ];
  const isTroubled = expiresAt <= now || retry !== undefined;
  return {
    outcome: isTroubled ? 'failed' : 'ok',
    summary: joined(' ', [
      [joined(' · ', facts), '.'],
      ...(failed === undefined ? [] : [refreshFailedWords(wholeSeconds(failed.at), failed.result)]),
    ]),
    ...(isTroubled && {
      advice: refreshable
        ? l10n.t('AWS SSO will retry automatically. Check the connection below.')
        : l10n.t('Sign in again.'),
    }),
  };
}

function failuresWords(failures: number): Words {
  return failures === 1 ? l10n.t('Failed once') : l10n.t('Failed {0} times in a row', failures);
}
