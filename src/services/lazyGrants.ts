import type { Flow } from '../flows/flow.ts';
import type { Connection } from '../connections/connection.ts';
import type { SessionManager } from '../sessions/sessionManager.ts';
import type { GrantedSignIns } from '../sessions/signIn/keepSignIn.ts';
import type { TokenService } from '../sessions/tokenService.ts';
import { sessionReader } from '../ui/awsCli/followSharing.ts';
import type { SignInNotifications } from '../ui/signIn/signInNotification.ts';
import type { TargetSources } from '../ui/signIn/signInTarget.ts';
import type { Grants } from './grants.ts';

/** Gives {@link Grants}, which are loaded when one of them is first used. */
export type GetGrants = () => Promise<Grants>;

export function lazyFlow(grants: GetGrants): Flow<Connection> {
  return async (...request) => (await grants()).flow(...request);
}

export function lazyNotifications(grants: GetGrants): Pick<SignInNotifications, 'show'> {
  return { show: async (...shown) => (await grants()).notifications.show(...shown) };
}

export function lazySources(grants: GetGrants): TargetSources {
  return {
    readConnections: async () => (await grants()).sources.readConnections(),
    choose: async (...asked) => (await grants()).sources.choose(...asked),
    resolve: async (...asked) => (await grants()).sources.resolve(...asked),
  };
}

export function lazyService(grants: GetGrants): TokenService {
  return {
    refresh: async (...request) => (await grants()).service.refresh(...request),
    signOut: async (...request) => (await grants()).service.signOut(...request),
  };
}

/** What becomes of a sign-in that the service grants: it is kept, and shared, or ended where it was cancelled. */
export function grantedSignIns(sessions: SessionManager, grants: GetGrants): GrantedSignIns {
  return {
    keep: (granted) => sessions.add(granted),
    share: async ({ session }) => (await grants()).sharing.share(sessionReader(sessions, session.id)),
    undo: (kept) => sessions.undo(kept),
    drop: async ({ connection, issued }) => {
      if (await (await grants()).sharing.release(connection, issued)) {
        sessions.endAtService(connection, issued.accessToken);
      }
    },
  };
}
