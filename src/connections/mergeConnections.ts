import type { ConfiguredConnection, Connection } from './connection.ts';
import { isSameIdentityCenter } from './identityCenter.ts';

/**
 * The user's connections, wherever they are configured: those of the settings, then those of the AWS CLI's
 * configuration that lead elsewhere (see `isSameIdentityCenter`). A name that is taken gets a suffix.
 */
export function mergeConnections(
  settings: readonly Connection[],
  awsConfig: readonly Connection[],
): readonly ConfiguredConnection[] {
  const merged: ConfiguredConnection[] = settings.map((connection) => ({ connection, origin: 'settings' }));
  const taken = new Set(settings.map(({ name }) => name));
  for (const connection of awsConfig) {
    if (!settings.some((configured) => isSameIdentityCenter(configured, connection))) {
      const name = freeName(connection.name, taken);
      taken.add(name);
      merged.push({ connection: { ...connection, name }, origin: 'awsConfig' });
    }
  }
  return merged;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  const suffixed = `${name} (AWS config)`;
  let free = taken.has(name) ? suffixed : name;
  for (let n = 2; taken.has(free); n += 1) {
    free = `${suffixed} ${n}`;
  }
  return free;
}
