import { rename } from 'node:fs/promises';
import { join } from 'node:path';

import type { BoundedQueue } from '../../common/boundedQueue.ts';
import type { Clock } from '../../common/clock.ts';
import { errorCode } from '../../common/log.ts';
import type { Log } from '../../common/log.ts';
import type { Random } from '../../common/random.ts';
import type { AwsPaths } from '../../connections/awsConfig/awsPaths.ts';
import { readConfigFile } from '../../connections/awsConfig/configFile.ts';
import type { Connection } from '../../connections/connection.ts';
import type { ConnectionList } from '../../connections/connectionList.ts';
import { RememberedRegions } from '../../roles/terminal/rememberedRegions.ts';
import { regionOfProfile } from '../../roles/terminal/roleRegion.ts';
import { chooseRegion } from './regionChoice.ts';
import { keyOfChosen } from './chosenRole.ts';
import type { ChosenRole } from './chosenRole.ts';

interface RoleRegionsParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** As they are configured now. */
  readonly connections: ConnectionList;
  /** The storage folder. */
  readonly storage: string;
  /** What the storage folder is asked with. */
  readonly disk: BoundedQueue;
  readonly awsPaths: AwsPaths;
  /** What these files are read with: they may be on a network drive. */
  readonly home: BoundedQueue;
}

/** Which region a role's terminals have. */
export class RoleRegions {
  readonly #parts: RoleRegionsParts;
  readonly #remembered: RememberedRegions;

  constructor(parts: RoleRegionsParts) {
    this.#parts = parts;
    const { clock, random, disk } = parts;
    const path = join(parts.storage, 'roles', 'regions.json');
    this.#remembered = new RememberedRegions(path, disk, { clock, random, rename });
  }

  /** As it is known; else the user is asked. */
  async find(role: ChosenRole): Promise<string | undefined> {
    return (await this.known(role)) ?? (await chooseRegion(role.roleName, role.session.connection.region));
  }

  /** As the connection says, as last time, as a profile says. */
  async known(role: ChosenRole): Promise<string | undefined> {
    return (
      (await this.#configured(role.session.connection)) ??
      (await this.#remembered.find(keyOfChosen(role))) ??
      (await this.#profileRegion(role))
    );
  }

  /** As the setting is now, not as it was at sign-in. */
  async #configured({ name, defaultRegion }: Connection): Promise<string | undefined> {
    const { connections } = await this.#parts.connections.read();
    const current = connections.find(({ connection }) => connection.name === name);
    return current === undefined ? defaultRegion : current.connection.defaultRegion;
  }

  async #profileRegion({ accountId, roleName }: ChosenRole): Promise<string | undefined> {
    const { home, awsPaths } = this.#parts;
    const file = await home.run(() => readConfigFile(awsPaths.config)).catch(() => undefined);
    return file && regionOfProfile(file, accountId, roleName);
  }

  /** Where it can't be saved, the user is asked again. */
  async remember(role: ChosenRole, region: string): Promise<void> {
    await this.#remembered
      .remember(keyOfChosen(role), region, new AbortController().signal)
      .catch((error: unknown) => {
        this.#parts.log.warn({ operation: 'remember region', outcome: 'failed', code: errorCode(error) });
      });
  }
}
