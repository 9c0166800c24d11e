import { once } from '../../common/disposable.ts';
import type { Disposable } from '../../common/disposable.ts';
import { untilAborted } from '../../common/timeout.ts';
import { WordedError } from '../../common/words.ts';
import type { Available } from '../credentials/credentialsSource.ts';
import type { SessionRole } from '../credentials/roleCredentials.ts';
import type { CredentialsGrant } from '../endpoint/credentialsEndpoint.ts';

/** What a role's credentials come from: see `CredentialsSource`. */
export interface RoleSource {
  use(role: SessionRole): Disposable;
  read(role: SessionRole, limitMs: number | undefined): Promise<Available>;
}

/** What hands them out: see `CredentialsEndpoint`. */
export interface RoleEndpoint extends Disposable {
  grant(role: SessionRole): CredentialsGrant;
}

/** Takes roles for terminals: one endpoint for all of them, which is there only while one of them is. */
export class RoleAccess implements Disposable {
  readonly #source: RoleSource;
  readonly #listen: () => Promise<RoleEndpoint>;
  #endpoint: Promise<RoleEndpoint> | undefined;
  #opened = 0;

  constructor(source: RoleSource, listen: () => Promise<RoleEndpoint>) {
    this.#source = source;
    this.#listen = listen;
  }

  /**
   * Takes a role, once AWS has given credentials of it, until the grant is disposed.
   * @throws WordedError when there are none; what the system says when nothing can listen; the signal's reason
   */
  async open(role: SessionRole, signal: AbortSignal): Promise<CredentialsGrant> {
    const using = this.#source.use(role);
    this.#opened += 1;
    const close = once(() => {
      using.dispose();
      this.#opened -= 1;
      if (this.#opened === 0) {
        this.#end();
      }
    });
    try {
      const found = await untilAborted(signal, this.#source.read(role, undefined));
      if (found.kind === 'unavailable') {
        throw new WordedError(found.words);
      }
      const grant = await this.#grant(role, signal);
      return {
        url: grant.url,
        token: grant.token,
        dispose: () => {
          grant.dispose();
          close();
        },
      };
    } catch (error) {
      close();
      throw error;
    }
  }

  async #grant(role: SessionRole, signal: AbortSignal): Promise<CredentialsGrant> {
    this.#endpoint ??= this.#listen();
    const endpoint = await this.#endpoint.catch((error: unknown) => {
      this.#endpoint = undefined;
      throw error;
    });
    signal.throwIfAborted();
    return endpoint.grant(role);
  }

  #end(): void {
    const endpoint = this.#endpoint;
    this.#endpoint = undefined;
    void endpoint?.then(
      (listening) => listening.dispose(),
      () => undefined,
    );
  }

  dispose(): void {
    this.#end();
  }
}
