import type { Fault } from './faults.ts';

/** What is known of a request before it is answered. */
export interface RequestSummary {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The `grantType` member of a CreateToken request. */
  readonly grantType?: string;
}

/** A request to the JSON API and what became of it. Holds no secrets. */
export interface RequestRecord extends RequestSummary {
  /** When it was answered, in milliseconds since the Unix epoch. */
  readonly time: number;
  /** As in the answer's `x-amzn-requestid`. */
  readonly requestId: string;
  /** The HTTP status, or nothing when the client was left without an answer. */
  readonly status?: number;
  /** Such as `InvalidGrantException`. */
  readonly exception?: string;
  readonly fault?: Fault['kind'];
}

type Predicate = (record: RequestRecord) => boolean;

/** Every request to the JSON API, oldest first. */
export class RequestLog {
  readonly #records: RequestRecord[] = [];
  readonly #waiting = new Set<(record: RequestRecord) => void>();

  get records(): readonly RequestRecord[] {
    return this.#records;
  }

  add(record: RequestRecord): void {
    this.#records.push(record);
    for (const notify of this.#waiting) {
      notify(record);
    }
  }

  /** The next request from now on that matches. */
  next(matches: Predicate = () => true): Promise<RequestRecord> {
    return new Promise((resolve) => {
      const notify = (record: RequestRecord): void => {
        if (matches(record)) {
          this.#waiting.delete(notify);
          resolve(record);
        }
      };
      this.#waiting.add(notify);
    });
  }
}
