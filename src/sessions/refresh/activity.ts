import type { Disposable } from '../../common/disposable.ts';
import { Emitter } from '../../common/event.ts';
import type { TokenService } from '../tokenService.ts';

/** Knows whether this window is refreshing a session just now. */
export class RefreshActivity implements Disposable {
  readonly #changed = new Emitter<void>();
  #running = 0;
  readonly onDidChange = this.#changed.event;

  get isRefreshing(): boolean {
    return this.#running > 0;
  }

  /** `service`, watched. */
  service(service: TokenService): TokenService {
    return {
      refresh: async (...request) => {
        this.#count(1);
        try {
          return await service.refresh(...request);
        } finally {
          this.#count(-1);
        }
      },
      signOut: (...request) => service.signOut(...request),
    };
  }

  #count(difference: 1 | -1): void {
    this.#running += difference;
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
