import assert from 'node:assert/strict';

import { registrationKey, registrationRequest } from '../../../src/flows/clientRegistration.ts';
import type { RegistrationPurpose } from '../../../src/flows/clientRegistration.ts';

const connection = { name: 'acme', startUrl: 'https://acme.awsapps.com/start', region: 'eu-central-1' };

function request(scopes: readonly string[], more: object = {}): RegistrationPurpose['request'] {
  return registrationRequest(connection, scopes, { grantTypes: ['refresh_token'], ...more });
}

function purpose(changes: Partial<RegistrationPurpose> = {}): RegistrationPurpose {
  return {
    endpoint: new URL('https://oidc.eu-central-1.amazonaws.com'),
    startUrl: connection.startUrl,
    request: request(['sso:account:access']),
    ...changes,
  };
}

describe('a client secret', () => {
  it('is found for the endpoint that gave it, and for no other: it is sent nowhere else', () => {
    const key = registrationKey(purpose());
    assert.equal(registrationKey(purpose()), key);
    for (const endpoint of [
      'https://oidc.eu-west-1.amazonaws.com',
      'https://oidc-fips.eu-central-1.amazonaws.com',
      'https://oidc.eu-central-1.api.aws',
      'https://oidc.eu-central-1.amazonaws.com.example',
      'https://oidc.eu-central-1.amazonaws.com:444',
      'https://oidc.eu-central-1.amazonaws.com/other',
      'http://127.0.0.1',
    ]) {
      assert.notEqual(registrationKey(purpose({ endpoint: new URL(endpoint) })), key, endpoint);
    }
  });

  it('is found for the purpose it was given for, and for no other', () => {
    const key = registrationKey(purpose());
    for (const other of [
      purpose({ startUrl: 'https://beta.awsapps.com/start' }),
      purpose({ request: request(['codewhisperer:completions']) }),
      purpose({ request: request(['sso:account:access'], { redirectUris: ['http://127.0.0.1/'] }) }),
      purpose({ request: request(['sso:account:access'], { issuerUrl: 'https://beta.awsapps.com/start' }) }),
    ]) {
      assert.notEqual(registrationKey(other), key);
    }
  });
});

describe('a request to register a client for AWS Builder ID', () => {
  const builderId = { name: 'mine', startUrl: 'https://view.awsapps.com/start/#/', region: 'us-east-1' };

  it('is refused with the reason where it asks for AWS accounts, before anything is sent', () => {
    assert.throws(
      () => registrationRequest(builderId, ['codewhisperer:completions', 'sso:account:access'], {}),
      {
        code: 'noAccounts',
        message: /^mine can't grant access to AWS accounts \(sso:account:access\)/,
      },
    );
  });

  it("asks for the scopes of the consumer's product, and for no other", () => {
    const { scopes } = registrationRequest(builderId, ['codewhisperer:completions'], {});
    assert.deepEqual(scopes, ['codewhisperer:completions']);
  });
});
