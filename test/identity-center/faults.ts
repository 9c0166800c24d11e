import type { Disposable } from '../../src/common/disposable.ts';
import type { RequestSummary } from './requestLog.ts';

/** What can go wrong with one request to the JSON API. */
export type Fault =
  /** AWS's error, without doing anything. `exception` such as `InternalServerException`. */
  | {
      readonly kind: 'exception';
      readonly status: number;
      readonly exception: string;
      /** The `error` member of sso-oidc's body, such as `server_error`. The portal's has a `message` instead. */
      readonly error?: string;
      /** The `reason` member, such as `KMS_AccessDeniedException`. */
      readonly reason?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** JSON of something in front of the service, such as a policy or a gateway, without doing anything. */
  | {
      readonly kind: 'frontDoor';
      readonly status: number;
      readonly body: object;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Processed and answered, with these members in place of the service's own; undefined leaves one out. */
  | { readonly kind: 'oddMembers'; readonly members: Readonly<Record<string, unknown>> }
  /** A gateway's page, without doing anything. */
  | { readonly kind: 'html'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** The connection breaks before the request is processed. */
  | { readonly kind: 'dropBefore' }
  /** The request is processed (a refresh token is used up), and the answer is lost. */
  | { readonly kind: 'dropAfter' }
  /** No answer, and no processing, until the client gives up or the server closes. */
  | { readonly kind: 'hang' }
  /** Processed and answered `delayMs` milliseconds late. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Answered with a `Date` header that is `skewMs` milliseconds off. */
  | { readonly kind: 'clockSkew'; readonly skewMs: number };

/** Picks the requests a fault is for. */
export type RequestPredicate = (request: RequestSummary) => boolean;

interface Plan {
  readonly applies: RequestPredicate;
  readonly fault: Fault;
  remaining: number;
}

/** The faults still to come, first planned first. */
export class Faults {
  readonly #plans = new Set<Plan>();

  /** Plans `fault` for the next `times` requests that match; disposing takes back what has not happened yet. */
  plan(applies: RequestPredicate, fault: Fault, times: number): Disposable {
    const plan: Plan = { applies, fault, remaining: times };
    this.#plans.add(plan);
    return { dispose: () => void this.#plans.delete(plan) };
  }

  /** The fault for this request, which thereby has happened. */
  take(request: RequestSummary): Fault | undefined {
    const plan = [...this.#plans].find(({ applies }) => applies(request));
    if (plan === undefined) {
      return undefined;
    }
    plan.remaining -= 1;
    if (plan.remaining <= 0) {
      this.#plans.delete(plan);
    }
    return plan.fault;
  }
}
