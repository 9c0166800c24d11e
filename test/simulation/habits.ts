import type { Random } from '../../src/common/random.ts';
import type { Connection } from '../../src/connections/connection.ts';

const CONNECTIONS: readonly Connection[] = ['acme', 'beta'].map((name) => ({
  name,
  startUrl: `https://${name}.awsapps.com/start`,
  region: 'eu-central-1',
}));

const ONE_CONNECTION_SHARE = 0.7;
const MAX_WINDOWS = 4;

/** What makes one user's days differ from another's. */
export interface Habits {
  readonly mostWindows: number;
  readonly connections: readonly Connection[];
  /** How often the machine is put to sleep at night, rather than its windows closed. */
  readonly sleepShare: number;
}

export function chooseHabits(random: Random): Habits {
  return {
    mostWindows: 1 + Math.floor(MAX_WINDOWS * random.uniform()),
    connections: CONNECTIONS.slice(0, random.uniform() < ONE_CONNECTION_SHARE ? 1 : 2),
    sleepShare: random.uniform(),
  };
}
