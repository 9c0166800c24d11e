import assert from 'node:assert/strict';

import { isSameRequest, isSelected, parseScopes } from '../../../src/sessions/scopes.ts';
import { ACME } from '../support/sessions.ts';

function same(a: readonly string[], b: readonly string[]): boolean {
  return isSameRequest(parseScopes(a), parseScopes(b));
}

function selects(...scopes: string[]): boolean {
  return isSelected(ACME, parseScopes(scopes));
}

describe('scopes', () => {
  it('lose every VSCODE_ entry, and keep what the selectors say', () => {
    assert.deepEqual(
      parseScopes([
        'b',
        'VSCODE_START_URL:https://acme.awsapps.com/start',
        'a',
        'VSCODE_REGION:x',
        'VSCODE_Y',
      ]),
      { wire: ['a', 'b'], startUrl: 'https://acme.awsapps.com/start', region: 'x' },
    );
  });

  it('mean the default scope when there are none', () => {
    assert.deepEqual(parseScopes([]).wire, ['sso:account:access']);
    assert.deepEqual(parseScopes(['VSCODE_REGION:x']).wire, ['sso:account:access']);
  });

  it('never count when they are blank, and once when they are there twice (vscode-azuretools#1607)', () => {
    assert.deepEqual(parseScopes(['']).wire, ['sso:account:access']);
    assert.deepEqual(parseScopes(['a', ' ', '\t', 'a', '']).wire, ['a']);
    assert.ok(same([''], []));
    assert.deepEqual(parseScopes(['VSCODE_START_URL:', 'VSCODE_REGION: ']), { wire: ['sso:account:access'] });
  });

  it('stay as they are for the caller', () => {
    const scopes = Object.freeze(['b', 'a', 'b']);
    assert.deepEqual(parseScopes(scopes).wire, ['a', 'b']);
  });

  it('are the same in any order, and never with one more or one less (vscode#174631)', () => {
    assert.ok(same(['a', 'b'], ['b', 'a']));
    assert.ok(same([], ['sso:account:access']));
    assert.ok(!same(['a', 'b'], ['a']));
    assert.ok(!same(['a'], ['a', 'b']));
  });

  it('select a connection by start URL and region', () => {
    assert.ok(selects());
    assert.ok(selects('VSCODE_START_URL:https://acme.awsapps.com/start/#/'));
    assert.ok(!selects('VSCODE_START_URL:https://other.awsapps.com/start'));
    assert.ok(selects('VSCODE_REGION:eu-central-1'));
    assert.ok(!selects('VSCODE_REGION:us-east-1'));
  });
});
