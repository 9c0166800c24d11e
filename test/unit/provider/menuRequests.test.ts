import assert from 'node:assert/strict';

import { MenuRequests } from '../../../src/provider/menuRequests.ts';
import type { Session } from '../../../src/sessions/session.ts';
import { ACME } from '../support/sessions.ts';

const DEFAULT = 'sso:account:access';
const COMPLETIONS = 'codewhisperer:completions';

function session(scopes: readonly string[]): Session {
  return {
    id: 'session',
    account: { id: 'account', label: 'acme' },
    connection: ACME,
    scopes,
    signedInAt: 1,
    generation: 1,
    state: { kind: 'signedIn', issuedAt: 1, expiresAt: 2, refreshable: true },
  };
}

/** The scopes under which `added` and `changed` are announced, after these requests had no answer. */
function announcedScopes(
  requests: readonly (readonly string[])[],
  change: { readonly added?: readonly Session[]; readonly changed?: readonly Session[] },
): readonly (readonly string[])[] {
  const menu = new MenuRequests();
  for (const scopes of requests) {
    menu.noteUnanswered(scopes);
  }
  return menu.added({ added: [], changed: [], removed: [], ...change }).map(({ scopes }) => scopes);
}

describe("the requests in VS Code's Accounts menu", () => {
  it('are answered by the scopes of a new session', () => {
    const scopes = announcedScopes([], { added: [session([COMPLETIONS, DEFAULT])] });
    assert.deepEqual(scopes[0], [COMPLETIONS, DEFAULT]);
  });

  it('for no scope are completed by the default scope, under the name that VS Code has for them (vscode#226904)', () => {
    for (const scopes of [[], [DEFAULT]]) {
      assert.deepEqual(
        new Set(announcedScopes([[]], { added: [session(scopes)] })),
        new Set([[''], [DEFAULT]]),
      );
    }
  });

  it('that are our own are answered by any sign-in, whatever its scopes', () => {
    assert.deepEqual(announcedScopes([], { added: [session([COMPLETIONS])] }), [[COMPLETIONS], [DEFAULT]]);
  });

  it("are completed through a company's own domain that leads to the session's portal (vscode#226904)", () => {
    const domain = 'https://sso.acme.example';
    const request = [DEFAULT, `VSCODE_START_URL:${domain}`];
    const known = { ...session([DEFAULT]), aliases: [domain] };
    for (const change of [{ added: [known] }, { changed: [known] }]) {
      assert.ok(announcedScopes([request], change).some((scopes) => scopes.join() === request.join()));
    }
    assert.deepEqual(announcedScopes([request], { changed: [session([DEFAULT])] }), []);
  });

  it('are completed in the spelling of each: with its selectors, blanks and duplicates (vscode#226904)', () => {
    const selector = 'VSCODE_START_URL:acme.awsapps.com/start/#/';
    const requests = [
      [COMPLETIONS, selector],
      ['', COMPLETIONS],
      [COMPLETIONS, COMPLETIONS],
      ['VSCODE_REGION:eu-central-1', COMPLETIONS],
    ];
    const scopes = announcedScopes(requests, { added: [session([COMPLETIONS])] });
    assert.deepEqual(scopes, [[COMPLETIONS], [DEFAULT], ...requests]);
  });

  it('are not answered by other scopes, or at another Identity Center', () => {
    const requests = [
      [COMPLETIONS, DEFAULT],
      [],
      [COMPLETIONS, 'VSCODE_START_URL:beta.awsapps.com/start'],
      [COMPLETIONS, 'VSCODE_REGION:eu-north-1'],
    ];
    const scopes = announcedScopes(requests, { added: [session([COMPLETIONS])] });
    assert.deepEqual(scopes, [[COMPLETIONS], [DEFAULT]]);
  });

  it('are answered once', () => {
    const menu = new MenuRequests();
    menu.noteUnanswered(['', COMPLETIONS]);
    const change = { added: [], changed: [session([COMPLETIONS])], removed: [] };
    assert.deepEqual(
      [change, change].map((each) => menu.added(each).length),
      [1, 0],
    );
  });

  it('are answered by a session whose token could not be read when they were made', () => {
    assert.deepEqual(announcedScopes([[DEFAULT]], { changed: [session([DEFAULT])] }), [[DEFAULT]]);
  });

  it('are remembered up to a number, the latest ones', () => {
    const requests = Array.from({ length: 1000 }, (_, index) => [COMPLETIONS, `VSCODE_${index}`]);
    const scopes = announcedScopes(requests, { changed: [session([COMPLETIONS])] });
    assert.deepEqual(scopes, requests.slice(-100));
  });
});
