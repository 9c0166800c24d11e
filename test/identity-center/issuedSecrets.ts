import { parseBody } from '../../src/wire/http.ts';
import { secretsOfAnswer } from '../../src/wire/secrets.ts';

/** Every secret that the services have answered with: tokens, codes, client secrets, and the credentials of roles. */
export class IssuedSecrets {
  readonly #all = new Set<string>();

  get all(): ReadonlySet<string> {
    return this.#all;
  }

  /** @param body of an answer */
  note(body: string): void {
    for (const secret of secretsOfAnswer(parseBody(body))) {
      this.#all.add(secret);
    }
  }
}
