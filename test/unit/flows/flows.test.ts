import assert from 'node:assert/strict';

import { chooseFlow } from '../../../src/flows/flows.ts';

const acme = { name: 'acme', startUrl: 'https://d-1234567890.awsapps.com/start', region: 'eu-west-1' };

describe('the flow for a connection', () => {
  it('is the one the user prefers (vscode#203139)', () => {
    assert.equal(chooseFlow(acme, 'authorizationCode', true), 'authorizationCode');
    assert.equal(chooseFlow(acme, 'deviceCode', true), 'deviceCode');
  });

  it('is the device code where a browser cannot reach this machine (aws-cli#9148)', () => {
    assert.equal(chooseFlow(acme, 'authorizationCode', false), 'deviceCode');
  });

  it("is the connection's own, everywhere", () => {
    assert.equal(
      chooseFlow({ ...acme, flow: 'authorizationCode' }, 'deviceCode', false),
      'authorizationCode',
    );
    assert.equal(chooseFlow({ ...acme, flow: 'deviceCode' }, 'authorizationCode', true), 'deviceCode');
  });
});
