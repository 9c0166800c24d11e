import type { AwsConfigFiles } from './awsConfig/awsConfigFiles.ts';
import type { ConfiguredConnection, ConnectionProblem } from './connection.ts';
import { mergeConnections } from './mergeConnections.ts';
import type { ParsedConnections } from './connectionsSetting.ts';

/** What there is to sign in to, and what is wrong with the rest. */
export interface ConfiguredConnections {
  readonly connections: readonly ConfiguredConnection[];
  readonly problems: readonly ConnectionProblem[];
}

/** The user's connections, as they are at each call. */
export class ConnectionList {
  readonly #readSettings: () => ParsedConnections;
  readonly #awsConfig: Pick<AwsConfigFiles, 'read'>;

  constructor(readSettings: () => ParsedConnections, awsConfig: Pick<AwsConfigFiles, 'read'>) {
    this.#readSettings = readSettings;
    this.#awsConfig = awsConfig;
  }

  async read(): Promise<ConfiguredConnections> {
    const settings = this.#readSettings();
    const awsConfig = await this.#awsConfig.read();
    return {
      connections: mergeConnections(
        settings.connections,
        awsConfig.connections.map(({ connection }) => connection),
      ),
      problems: [...settings.problems, ...awsConfig.problems],
    };
  }
}
