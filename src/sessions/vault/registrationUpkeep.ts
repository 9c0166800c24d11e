import type { Clock } from '../../common/clock.ts';
import { DisposableStore } from '../../common/disposable.ts';
import type { Disposable } from '../../common/disposable.ts';
import type { Event } from '../../common/event.ts';
import { errorCode } from '../../common/log.ts';
import type { Log } from '../../common/log.ts';
import type { Session } from '../session.ts';
import type { Vault } from './vault.ts';

interface UpkeepParts {
  readonly vault: Vault;
  readonly sessions: { readonly sessions: readonly Session[]; readonly onDidUpdate: Event<void> };
  /**
   * Whether a sign-in is in progress in this window. One in another window has its client, and registers again later.
   */
  readonly isSigningIn: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** Once everything that a start is waited for is done. */
const START_PAUSE_MS = 60_000;

/**
 * Deletes the client registrations that nobody needs: some time after the start those that have expired, and all of them
 * once nobody is signed in any more, so that a user who has signed out leaves no secret behind. While no session is
 * signed in, no secret is read.
 */
export function keepRegistrations(parts: UpkeepParts): Disposable {
  const { sessions, clock, isSigningIn } = parts;
  const disposables = new DisposableStore();
  let count = sessions.sessions.length;
  disposables.add(
    clock.schedule(() => {
      if (sessions.sessions.some(({ state }) => state.kind === 'signedIn')) {
        void deleteRegistrations(parts, (client) => client === undefined || client.expiresAt <= clock.now());
      }
    }, START_PAUSE_MS),
  );
  disposables.add(
    sessions.onDidUpdate(() => {
      const before = count;
      count = sessions.sessions.length;
      if (before > 0 && count === 0 && !isSigningIn()) {
        void deleteRegistrations(parts, 'all');
      }
    }),
  );
  return disposables;
}

/** Never rejects: what is left is tried again at the next start. */
async function deleteRegistrations(
  { vault, log }: UpkeepParts,
  isObsolete: 'all' | ((client: Awaited<ReturnType<Vault['readRegistration']>>) => boolean),
): Promise<void> {
  try {
    const keys = await vault.registrationKeys();
    for (const key of keys) {
      if (isObsolete === 'all' || isObsolete(await vault.readRegistration(key))) {
        await vault.deleteRegistration(key);
      }
    }
  } catch (error) {
    log.warn({ operation: 'delete registrations', outcome: 'failed', code: errorCode(error) });
  }
}
