import { lazily } from '../common/lazily.ts';
import type { Closable } from '../common/onDemand.ts';
import type { Disposable } from '../common/disposable.ts';
import { errorCode } from '../common/log.ts';
import type { RoleActions } from '../ui/roles/registerRoles.ts';
import type { Roles, RolesParts } from './roles.ts';

/** What the user does with roles, loaded when it is first used. */
export class LazyRoles implements Closable {
  readonly #load: () => Promise<Roles>;
  readonly #listening: Disposable;
  #loaded: Promise<Roles> | undefined;

  constructor(parts: RolesParts) {
    const load = lazily(async () => {
      const { Roles: Loaded } = await import('./roles.ts');
      return new Loaded(parts);
    });
    this.#load = () => (this.#loaded = load());
    const { sessions, log } = parts;
    this.#listening = sessions.onDidChange(({ removed }) => {
      const gone = removed.filter(({ id }) => !sessions.sessions.some((session) => session.id === id));
      if (gone.length > 0) {
        // What was listed for them goes from the disk as well.
        this.#load().then(
          (roles) => roles.forget(gone),
          (error: unknown) =>
            log.warn({ operation: 'forget roles', outcome: 'failed', code: errorCode(error) }),
        );
      }
    });
  }

  async actions(): Promise<RoleActions> {
    return this.#load();
  }

  async close(): Promise<void> {
    this.#listening.dispose();
    // What could not be loaded has nothing to close.
    const roles = await this.#loaded?.catch(() => undefined);
    await roles?.close();
  }
}
