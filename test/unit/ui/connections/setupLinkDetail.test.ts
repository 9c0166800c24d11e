import assert from 'node:assert/strict';

import { inEnglish } from '../../../../src/common/words.ts';
import type { LinkedConnection } from '../../../../src/connections/setupLink.ts';
import { linkDetail } from '../../../../src/ui/connections/setupLinkDetail.ts';

const PORTAL = 'https://d-1234567890.awsapps.com/start';
const TRUST = "AWS SSO can't tell who made this link. Continue only if you trust where you found it.";

function lines(linked: LinkedConnection, ignored: readonly string[] = []): readonly string[] {
  return linkDetail('acme', linked, ignored).map(inEnglish);
}

describe('what a setup link would add', () => {
  it('is all shown before it is added', () => {
    assert.deepEqual(lines({ startUrl: PORTAL, region: 'eu-central-1' }), [
      'Name: acme',
      `Start URL: ${PORTAL}`,
      'Region: eu-central-1 (Europe (Frankfurt))',
      '',
      TRUST,
    ]);
  });

  it('has the region of its start URL, or of the page of the portal', () => {
    const regional = { startUrl: 'https://ssoins-1.portal.eu-north-1.app.aws' };
    assert.equal(lines(regional)[2], 'Region: eu-north-1 (Europe (Stockholm))');
    assert.equal(lines({ startUrl: PORTAL })[2], 'Region: as specified by the access portal');
    assert.equal(lines({ startUrl: PORTAL, region: 'xx-nowhere-7' })[2], 'Region: xx-nowhere-7');
  });

  it('names a host that AWS does not own', () => {
    const notices = lines({ startUrl: 'https://d-1234567890.awsapps.com.evil.example/start' });
    assert.match(notices[4] ?? '', /^d-1234567890\.awsapps\.com\.evil\.example isn't owned by AWS\. /);
    const lookalike = new URL('https://d-1234567890.аwsapps.com/start');
    assert.match(
      lines({ startUrl: lookalike.href })[4] ?? '',
      /^d-1234567890\.xn--\S+\.com isn't owned by AWS/,
    );
  });

  it('names what the link says beside it, which is ignored', () => {
    assert.equal(
      lines({ startUrl: PORTAL }, ['endpointUrl', 'scopes'])[4],
      'Ignored in the link: endpointUrl, scopes. A link sets only the name, start URL, and region.',
    );
  });
});
