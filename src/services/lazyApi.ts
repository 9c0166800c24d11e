import type { AwsSsoApi } from '../../api/aws-sso-auth.d.ts';
import type { Clock } from '../common/clock.ts';
import type { DisposableStore } from '../common/disposable.ts';
import type { Random } from '../common/random.ts';
import type { AwsPaths } from '../connections/awsConfig/awsPaths.ts';
import type { ConnectionList } from '../connections/connectionList.ts';
import { ConnectionsWatcher } from '../ui/connections/connectionsWatcher.ts';

interface LazyApiParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: typeof globalThis.fetch;
  readonly connections: ConnectionList;
  readonly paths: AwsPaths;
  readonly disposables: DisposableStore;
}

/** What other extensions may use, loaded when one of them first asks. */
export function lazyApi({
  connections,
  paths,
  disposables,
  ...basics
}: LazyApiParts): (version: number) => Promise<AwsSsoApi> {
  let watcher: ConnectionsWatcher | undefined;
  return async (version) => {
    const { createApi } = await import('./api.ts');
    watcher ??= disposables.add(new ConnectionsWatcher(Object.values(paths)));
    return createApi(version, {
      ...basics,
      readConnections: async () => (await connections.read()).connections,
      onDidChangeConnections: watcher.onDidChange,
    });
  };
}
