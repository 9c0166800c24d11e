import assert from 'node:assert/strict';

import { startUrlChoices } from '../../../../src/ui/connections/startUrlChoices.ts';

describe('the list of the start URL', () => {
  for (const typed of ['', ' ', 'aws', 'Builder', 'builder id']) {
    it(`offers AWS Builder ID to whoever has typed ${JSON.stringify(typed)}`, () => {
      assert.deepEqual(startUrlChoices(typed), [{ kind: 'builderId' }]);
    });
  }

  it('takes a start URL in any form, and shows which one that is', () => {
    const startUrl = 'https://d-1234567890.awsapps.com/start';
    for (const typed of [startUrl, ' d-1234567890.awsapps.com/start/#/', `Start URL: ${startUrl}`]) {
      assert.deepEqual(startUrlChoices(typed), [{ kind: 'startUrl', startUrl }]);
    }
  });

  it('takes anything else along to where there is room to say what is wrong with it', () => {
    assert.deepEqual(startUrlChoices('http://acme.awsapps.com '), [
      { kind: 'other', text: 'http://acme.awsapps.com' },
    ]);
  });
});
