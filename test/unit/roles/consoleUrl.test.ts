import assert from 'node:assert/strict';

import { consoleUrl } from '../../../src/roles/consoleUrl.ts';

const ROLE = {
  startUrl: 'https://acme.awsapps.com/start',
  accountId: '111122223333',
  roleName: 'Read+Only@x',
};

function destination(region: string, service?: string): string | null {
  const url = consoleUrl(ROLE, { region, ...(service !== undefined && { service }) });
  return new URLSearchParams(url.slice(url.indexOf('?'))).get('destination');
}

describe('the console’s URL of a role', () => {
  it('is the portal’s own link', () => {
    assert.equal(
      consoleUrl(ROLE),
      'https://acme.awsapps.com/start/#/console?account_id=111122223333&role_name=Read%2BOnly%40x',
    );
  });

  it('leads to a region and a service', () => {
    assert.equal(
      destination('eu-central-1', 's3'),
      'https://eu-central-1.console.aws.amazon.com/s3/home?region=eu-central-1',
    );
    assert.equal(
      destination('us-gov-west-1'),
      'https://us-gov-west-1.console.amazonaws-us-gov.com/console/home?region=us-gov-west-1',
    );
    assert.equal(
      destination('cn-north-1'),
      'https://cn-north-1.console.amazonaws.cn/console/home?region=cn-north-1',
    );
    assert.equal(
      destination('eusc-de-east-1'),
      'https://eusc-de-east-1.console.amazonaws-eusc.eu/console/home?region=eusc-de-east-1',
    );
    assert.equal(destination('us-iso-east-1'), null);
  });
});
