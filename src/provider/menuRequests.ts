import { DEFAULT_SCOPE, isSameRequest, isSelected, parseScopes } from '../sessions/scopes.ts';
import type { Session } from '../sessions/session.ts';
import type { SessionsChange } from '../sessions/store/difference.ts';

/** A session, and the scopes under which it is reported to VS Code. */
export interface Announcement {
  readonly session: Session;
  readonly scopes: readonly string[];
}

/** More requests than this are not remembered: an extension that requests more and more scopes must not fill the memory. */
const MAX_REQUESTS = 100;

/**
 * The requests for a session that VS Code keeps in the Accounts menu. It files each under its scopes, joined by spaces,
 * and drops it only when a session is added that has these very scopes: in their spelling, with every selector, and
 * `['']` for none at all. So a session is announced once more for each request that it answers (vscode#226904).
 */
export class MenuRequests {
  readonly #unanswered = new Set<string>();

  /** Remembers scopes for which there was no session: VS Code may have asked the user to sign in for them. */
  noteUnanswered(scopes: readonly string[]): void {
    const key = keyOf(scopes);
    this.#unanswered.delete(key);
    this.#unanswered.add(key);
    const [oldest] = this.#unanswered;
    if (this.#unanswered.size > MAX_REQUESTS && oldest !== undefined) {
      this.#unanswered.delete(oldest);
    }
  }

  /** What to report to VS Code as added, so that it drops every request that is completed now. */
  added({ added, changed }: SessionsChange): readonly Announcement[] {
    return [
      ...added.flatMap((session) => {
        // Our own request is for the default scope, and any sign-in answers it. That for no scope at all may be older
        // than this process.
        const known = [DEFAULT_SCOPE, ...(answers(session, []) ? [keyOf([])] : [])];
        const keys = new Set([keyOf(session.scopes), ...known, ...this.#take(session)]);
        return [...keys].map((key) => ({ session, scopes: scopesOf(key) }));
      }),
      // A token that could not be read when it was asked for can be by now.
      ...changed.flatMap((session) => this.#take(session).map((key) => ({ session, scopes: scopesOf(key) }))),
    ];
  }

  #take(session: Session): readonly string[] {
    const answered = [...this.#unanswered].filter((key) => answers(session, scopesOf(key)));
    for (const key of answered) {
      this.#unanswered.delete(key);
    }
    return answered;
  }
}

function answers({ scopes, connection, aliases }: Session, requested: readonly string[]): boolean {
  const request = parseScopes(requested.filter((scope) => scope !== ''));
  return isSameRequest(parseScopes(scopes), request) && isSelected(connection, request, aliases);
}

function keyOf(scopes: readonly string[]): string {
  return scopes.join(' ');
}

/** As VS Code reads them back from where it filed them. */
function scopesOf(key: string): readonly string[] {
  return key.split(' ');
}
