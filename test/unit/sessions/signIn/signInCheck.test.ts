import assert from 'node:assert/strict';

import type { SignInError } from '../../../../src/flows/signInError.ts';
import { parseScopes } from '../../../../src/sessions/scopes.ts';
import { checkRequest, checkSignIn } from '../../../../src/sessions/signIn/signInCheck.ts';
import type { ObtainedSignIn, RequestedSignIn } from '../../../../src/sessions/signIn/signInCheck.ts';
import { ACME } from '../../support/sessions.ts';

const ALICE = { id: 'alice', label: 'alice@acme.example (acme)' };
const BOB = { id: 'bob', label: 'bob@acme.example (acme)' };

/** The error of what is refused, `undefined` for what is right. */
function refusal(work: () => void): SignInError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as SignInError;
  }
}

function check(
  scopes: readonly string[],
  obtained: Partial<ObtainedSignIn> = {},
  account?: RequestedSignIn['account'],
): SignInError | undefined {
  return refusal(() =>
    checkSignIn({ requested: parseScopes(scopes), account }, { connection: ACME, ...obtained }),
  );
}

function request(...scopes: string[]): SignInError | undefined {
  return refusal(() => checkRequest(parseScopes(scopes)));
}

describe('a sign-in', () => {
  it('is right where it is what was requested', () => {
    assert.equal(check([]), undefined);
    assert.equal(check(['VSCODE_START_URL:acme.awsapps.com', 'VSCODE_REGION:eu-central-1']), undefined);
    assert.equal(check([], { account: ALICE }, ALICE), undefined);
    assert.equal(check([], {}, ALICE), undefined);
    assert.equal(check(['a', 'b'], { scope: ['b', 'openid', 'a'] }), undefined);
  });

  it('is never returned for another Identity Center than was requested (vscode#226783, vscode-azuretools#1722)', () => {
    const beta = check(['VSCODE_START_URL:https://beta.awsapps.com/start']);
    assert.equal(beta?.code, 'otherIdentityCenter');
    assert.match(beta.message, /beta\.awsapps\.com.*acme leads to https:\/\/acme\.awsapps\.com/);
    assert.equal(check(['VSCODE_REGION:us-east-1'])?.code, 'otherIdentityCenter');
  });

  it("is right by a company's own domain that leads to the portal, and by no other", () => {
    const scopes = ['VSCODE_START_URL:https://sso.acme.example'];
    assert.equal(check(scopes)?.code, 'otherIdentityCenter');
    assert.equal(check(scopes, { aliases: ['https://sso.acme.example/'] }), undefined);
    assert.equal(check(scopes, { aliases: ['https://sso.beta.example/'] })?.code, 'otherIdentityCenter');
  });

  it('is never returned for another user than was requested (vscode-azuretools#1596)', () => {
    const error = check([], { account: BOB }, ALICE);
    assert.equal(error?.code, 'otherAccount');
    assert.match(error.message, /signed in as bob@acme\.example.*as alice@acme\.example/);
  });

  it('is never returned with less than was requested, where the service says what it granted', () => {
    const error = check(['a', 'b'], { scope: ['a'] });
    assert.equal(error?.code, 'scopesNotGranted');
    assert.match(error.message, /without these scopes: b\./);
    assert.equal(check([], { scope: ['openid', 'aws'] }), undefined);
  });
});

describe('a request for a sign-in', () => {
  it('may name any region and any start URL', () => {
    assert.equal(request(), undefined);
    assert.equal(request('VSCODE_REGION:xx-new-9', 'VSCODE_START_URL:sso.acme.example'), undefined);
  });

  it('is refused before anything is asked or saved where it names no region or start URL', () => {
    for (const selector of [
      'VSCODE_REGION:nowhere',
      'VSCODE_REGION:eu-west-1.evil.example',
      'VSCODE_START_URL:ftp://acme.awsapps.com/start',
      'VSCODE_START_URL:not a url',
    ]) {
      const error = request(selector);
      assert.equal(error?.code, 'unusableRequest', selector);
      assert.ok(error.message.includes(selector.slice(selector.indexOf(':') + 1)));
    }
  });
});
