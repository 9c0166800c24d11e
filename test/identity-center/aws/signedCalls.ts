import type { Clock } from '../../../src/common/clock.ts';
import type { ApiRequest } from '../http.ts';
import type { RoleSession, RoleSessions } from '../portal/roleSessions.ts';
import { verifySignature } from './verifySignature.ts';
import type { SignatureProblem } from './verifySignature.ts';

/** A request to one of AWS's services, and what its signature says. */
export interface SignedCall {
  /** By its signing name. */
  readonly service: string;
  /** Whose credentials made the signature; absent where it was refused. */
  readonly signer?: RoleSession;
  readonly problem?: SignatureProblem;
}

/** Checks the signatures of what is asked of AWS's services, and keeps what was seen. */
export class SignedCalls {
  readonly #sessions: RoleSessions;
  readonly #clock: Clock;
  readonly #calls: SignedCall[] = [];

  constructor(sessions: RoleSessions, clock: Clock) {
    this.#sessions = sessions;
    this.#clock = clock;
  }

  /** Oldest first. */
  get calls(): readonly SignedCall[] {
    return this.#calls;
  }

  /**
   * Whose credentials the request is signed with, and for which region.
   * @param refuse the refusal of it in the service's own words
   * @throws what `refuse` gives
   */
  async verify(
    request: ApiRequest,
    service: string,
    refuse: (problem: SignatureProblem) => Error,
  ): Promise<{ readonly signer: RoleSession; readonly region: string }> {
    const signed = await verifySignature(request, {
      service,
      clock: this.#clock,
      find: (accessKeyId) => this.#sessions.find(accessKeyId),
      refuse: (problem) => {
        this.#calls.push({ service, problem });
        return refuse(problem);
      },
    });
    this.#calls.push({ service, signer: signed.signer });
    return signed;
  }
}
