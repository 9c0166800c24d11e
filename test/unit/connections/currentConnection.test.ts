import assert from 'node:assert/strict';

import type { InteractiveConnection } from '../../../src/connections/connection.ts';
import { currentConnection } from '../../../src/connections/currentConnection.ts';

const stored: InteractiveConnection = {
  name: 'acme',
  startUrl: 'https://acme.awsapps.com/start',
  region: 'eu-west-1',
};

describe('a connection as it is configured now', () => {
  it('has the scopes, the flow and the FIPS hosts that are set now, whatever a session remembers', () => {
    const now = { ...stored, scopes: ['a'], flow: 'authorizationCode', useFipsEndpoint: true } as const;
    assert.deepEqual(currentConnection(stored, [now]), { connection: now, isCorrected: false });
  });

  it('may have another name: the Identity Center is what counts', () => {
    const renamed = { ...stored, name: 'work' };
    const other = { ...stored, region: 'us-east-1' };
    assert.deepEqual(currentConnection(stored, [other, renamed]), {
      connection: renamed,
      isCorrected: false,
    });
    const twice = [renamed, { ...stored, scopes: ['b'] }];
    assert.deepEqual(currentConnection(stored, twice).connection.scopes, ['b']);
  });

  it('is the one of the same name that the user has led elsewhere', () => {
    const corrected = { ...stored, region: 'us-east-1' };
    assert.deepEqual(currentConnection(stored, [corrected]), { connection: corrected, isCorrected: true });
  });

  it('is what the session remembers where it is configured no longer', () => {
    const other = { ...stored, name: 'other', region: 'us-east-1' };
    assert.deepEqual(currentConnection(stored, [other]), { connection: stored, isCorrected: false });
  });
});
