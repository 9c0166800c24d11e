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

  describe("by a company's own domain (aws-cli#10457)", () => {
    const configuredStartUrl = 'https://sso.acme.example';
    const regional = 'https://ssoins-1.portal.us-west-2.app.aws';
    const now: InteractiveConnection = { ...stored, startUrl: configuredStartUrl, scopes: ['a'] };

    it('is the portal that was found behind it', () => {
      const resolved = { ...stored, configuredStartUrl };
      assert.deepEqual(currentConnection(resolved, [now]), {
        connection: { ...resolved, scopes: ['a'] },
        isCorrected: false,
      });
      const renamed = { ...now, name: 'work' };
      assert.equal(currentConnection(resolved, [renamed]).connection.name, 'work');
    });

    it("has the region of the portal's page, whichever is configured", () => {
      const resolved = { ...stored, startUrl: regional, region: 'us-west-2', configuredStartUrl };
      const { connection, isCorrected } = currentConnection(resolved, [now]);
      assert.deepEqual([connection.region, isCorrected], ['us-west-2', false]);
    });

    it("is corrected where the portal's page does not include the region and another one is configured", () => {
      const other = { ...now, region: 'us-east-1' };
      assert.deepEqual(currentConnection({ ...stored, configuredStartUrl }, [other]), {
        connection: other,
        isCorrected: true,
      });
    });

    it('is another one by another domain, or at an endpoint of its own', () => {
      for (const other of [
        { ...now, startUrl: 'https://sso.beta.example' },
        { ...now, endpointUrl: 'https://identity.acme.example' },
      ]) {
        assert.equal(currentConnection({ ...stored, configuredStartUrl }, [other]).isCorrected, true);
      }
    });
  });
});
