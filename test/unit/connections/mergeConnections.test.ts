import assert from 'node:assert/strict';

import type { Connection } from '../../../src/connections/connection.ts';
import { mergeConnections } from '../../../src/connections/mergeConnections.ts';

const connection = (name: string, id = name, region = 'eu-west-1'): Connection => ({
  name,
  startUrl: `https://${id}.awsapps.com/start`,
  region,
});

const merged = (settings: readonly Connection[], awsConfig: readonly Connection[]) =>
  mergeConnections(settings, awsConfig).map(({ connection: { name }, origin }) => `${name} from ${origin}`);

describe('the merged connections', () => {
  it('are those of the settings, then those of the AWS configuration', () => {
    assert.deepEqual(merged([connection('b')], [connection('a')]), ['b from settings', 'a from awsConfig']);
  });

  it('leave out what the settings lead to as well, however it is written', () => {
    const inSettings = { ...connection('mine', 'acme'), scopes: ['sso:account:access'] };
    const same = { ...connection('acme'), startUrl: 'https://ACME.awsapps.com/start/#/' };
    const all = mergeConnections([inSettings], [same]);
    assert.deepEqual(all, [{ connection: inSettings, origin: 'settings' }]);
  });

  it('keep the same start URL in another region', () => {
    assert.deepEqual(merged([connection('acme')], [connection('other', 'acme', 'us-east-1')]), [
      'acme from settings',
      'other from awsConfig',
    ]);
  });

  it('have a suffix where the name is taken', () => {
    const settings = [connection('acme', 'one'), connection('acme (AWS config)', 'two')];
    assert.deepEqual(
      merged(settings, [connection('acme', 'three')]).at(-1),
      'acme (AWS config) 2 from awsConfig',
    );
  });

  it('never treat an exchange as a sign-in', () => {
    const exchange: Connection = {
      name: 'app',
      applicationArn: 'arn:aws:sso::123456789012:application/a/b',
      region: 'eu-west-1',
      flow: 'jwtBearer',
      assertionFrom: { providerId: 'microsoft', scopes: [] },
    };
    assert.deepEqual(merged([exchange], [connection('acme')]), ['app from settings', 'acme from awsConfig']);
  });
});
