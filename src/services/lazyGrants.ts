import type { Flow } from '../flows/flow.ts';
import type { Connection } from '../connections/connection.ts';
import type { TokenService } from '../sessions/tokenService.ts';
import type { NewConnections } from '../ui/connections/newConnections.ts';
import type { Grants } from './grants.ts';

/** Gives {@link Grants}, which are loaded when one of them is first used. */
export type GetGrants = () => Promise<Grants>;

export function lazyFlow(grants: GetGrants): Flow<Connection> {
  return async (...request) => (await grants()).flow(...request);
}

export function lazyNewConnections(grants: GetGrants): NewConnections {
  return {
    resolve: async (...request) => (await grants()).newConnections.resolve(...request),
    ask: async (...request) => (await grants()).newConnections.ask(...request),
  };
}

export function lazyService(grants: GetGrants): TokenService {
  return {
    refresh: async (...request) => (await grants()).service.refresh(...request),
    signOut: async (...request) => (await grants()).service.signOut(...request),
  };
}
