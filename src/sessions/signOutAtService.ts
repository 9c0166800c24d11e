import { deadline } from '../common/clock.ts';
import type { Clock } from '../common/clock.ts';
import { errorCode } from '../common/log.ts';
import type { Log } from '../common/log.ts';
import type { Session } from './session.ts';
import type { TokenService } from './tokenService.ts';

const SERVER_SIGN_OUT_MS = 10_000;

/** Ends a session at the service, if possible. Never rejects. `id` is absent where the sign-in was never saved */
export async function signOutAtService(
  { service, clock, log }: { readonly service: TokenService; readonly clock: Clock; readonly log: Log },
  { id, connection }: Pick<Session, 'connection'> & Partial<Pick<Session, 'id'>>,
  accessToken: string,
): Promise<void> {
  const about = {
    operation: 'sign-out',
    connection: connection.name,
    ...(id !== undefined && { session: id }),
  };
  const limit = deadline(clock, SERVER_SIGN_OUT_MS, () => new Error('took too long'));
  try {
    await service.signOut(connection, accessToken, limit.signal);
    log.info({ ...about, outcome: 'signed out at the service' });
  } catch (error) {
    log.warn({ ...about, outcome: 'signed out here only', code: errorCode(error) });
  } finally {
    limit.dispose();
  }
}
