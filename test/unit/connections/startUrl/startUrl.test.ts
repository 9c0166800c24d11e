import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { inEnglish } from '../../../../src/common/words.ts';
import {
  partitionHint,
  portalName,
  regionFromStartUrl,
} from '../../../../src/connections/startUrl/portalUrl.ts';
import { isSameStartUrl, normalizeStartUrl } from '../../../../src/connections/startUrl/startUrl.ts';

const START_URL = 'https://acme.awsapps.com/start';
const CLASSIC = 'https://d-1234567890.awsapps.com/start';
const GOV = 'https://start.us-gov-home.awsapps.com/directory/d-1234567890';
const CHINA = 'https://start.home.awsapps.cn/directory/acme';
const ISSUER = 'https://identitycenter.amazonaws.com/ssoins-1234567890abcdef';
const REGIONAL = 'https://ssoins-1234567890abcdef.eu-west-1.portal.amazonaws.com';
const DUAL_STACK = 'https://ssoins-1234567890abcdef.portal.eu-west-1.app.aws';
const VANITY = 'https://sso.acme.example/aws';

/** What AWS sends to a new user, in our words. */
const INVITATION = `Hello Jane,
your organization uses AWS IAM Identity Center. Accept the invitation within seven days:
https://us-east-1.signin.aws/platform/login?workflowStateHandle=0000
After that, sign in at your access portal with your user name.
Your AWS access portal URL: ${CLASSIC}
Your user name: jane@example.com`;

/** What users paste, and the start URL they mean. */
const ACCEPTED: readonly (readonly [pasted: string, startUrl: string])[] = [
  [START_URL, START_URL],
  [CLASSIC, CLASSIC],
  [`  ${START_URL}\n`, START_URL],
  [`\u200B${START_URL}\uFEFF`, START_URL],
  [`"${START_URL}"`, START_URL],
  [`'${START_URL}'`, START_URL],
  [`“${START_URL}”`, START_URL],
  [`<${START_URL}>`, START_URL],
  [`\`${START_URL}\``, START_URL],
  [`" ${START_URL} "`, START_URL],
  [`${START_URL}/`, START_URL],
  [`${START_URL}///`, START_URL],
  [`${START_URL}#`, START_URL],
  [`${START_URL}/#`, START_URL],
  [`${START_URL}/#/`, START_URL],
  [`${START_URL}#/`, START_URL],
  [String.raw`https://acme.awsapps.com/start/\#/`, START_URL],
  [String.raw`https://acme.awsapps.com/start\#`, START_URL],
  ['https://acme.awsapps.com', START_URL],
  ['https://acme.awsapps.com/', START_URL],
  ['acme.awsapps.com', START_URL],
  ['acme.awsapps.com/start/#/', START_URL],
  ['//acme.awsapps.com/start', START_URL],
  ['HTTPS://Acme.AWSapps.com/start', START_URL],
  ['https:acme.awsapps.com/start', START_URL],
  ['https://acme.awsapps.com./start', START_URL],
  ['https://acme.awsapps.com:443/start', START_URL],
  ['acme.awsapps.com:443', START_URL],
  ['https://acme.awsapps.com//start', START_URL],
  ['https://acme.awsapps.com/start?referrer=mail', START_URL],
  ['sso_start_url = https://acme.awsapps.com/start/#', START_URL],
  ['https://acme.awsapps.com/start/#/console?account_id=123456789012&role_name=Admin', START_URL],
  ['https://acme.awsapps.com/start#/saml/default/App/ins-123', START_URL],
  ['https://acme.awsapps.com/start/#/device?user_code=ABCD-EFGH', START_URL],
  ['https://acme.awsapps.com/start/user-consent/authorize.html?clientId=x', START_URL],
  [GOV, GOV],
  [`${GOV}/#/`, GOV],
  [`${GOV}/saml/default`, GOV],
  [
    'start.us-gov-west-1.us-gov-home.awsapps.com/directory/acme#/',
    'https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/acme',
  ],
  [CHINA, CHINA],
  [`${CHINA}#/`, CHINA],
  [ISSUER, ISSUER],
  [`${ISSUER}/`, ISSUER],
  [REGIONAL, REGIONAL],
  [`${REGIONAL}/#/`, REGIONAL],
  [DUAL_STACK, DUAL_STACK],
  [`${DUAL_STACK}/`, DUAL_STACK],
  [`${DUAL_STACK}/start/console?x=1`, `${DUAL_STACK}/start`],
  [VANITY, VANITY],
  [`${VANITY}/#/`, VANITY],
  ['sso.acme.example', 'https://sso.acme.example'],
  [`'https://sso.acme.example/aws'/`, VANITY],
  ['https://sso.acme.example/aws?tenant=7', 'https://sso.acme.example/aws?tenant=7'],
  ['https://sso.acme.example:8443/aws', 'https://sso.acme.example:8443/aws'],
  [`https://${START_URL}`, START_URL],
  [`http://${START_URL}/`, START_URL],
  [`https:${START_URL}`, START_URL],
  [`(${START_URL})`, START_URL],
  [`(${START_URL}).`, START_URL],
  [`Start URL: ${START_URL}`, START_URL],
  ['Start URL: acme.awsapps.com/start', START_URL],
  [`- **AWS access portal**: [${START_URL}](${START_URL})`, START_URL],
  [`sso_start_url = ${VANITY}`, VANITY],
  [`Our portal is ${VANITY}, see you there!`, VANITY],
  [INVITATION, CLASSIC],
  // Where a box has no second line, the browser leaves out the line breaks.
  [INVITATION.replaceAll('\n', ''), CLASSIC],
  [INVITATION.replaceAll('\n', '\r\n> '), CLASSIC],
  [`${CLASSIC}\nYour user name: jane@example.com`, CLASSIC],
  [`${CLASSIC} is our portal (see https://wiki.acme.example/aws).`, CLASSIC],
  [`${CLASSIC}\n${CLASSIC}/#/\nd-1234567890.awsapps.com`, CLASSIC],
  [`<a href="${CLASSIC}">${CLASSIC}</a>`, CLASSIC],
  [`Start URL:${CLASSIC}`, CLASSIC],
  ['URL:d-1234567890.awsapps.com/start', CLASSIC],
  [`sso_start_url=${CLASSIC}`, CLASSIC],
  [`aws configure sso --start-url=${CLASSIC} --region eu-west-1`, CLASSIC],
  [`{"startUrl":"${CLASSIC}","region":"eu-west-1"}`, CLASSIC],
  [`ポータル：${CLASSIC}。`, CLASSIC],
  [`→ ${CLASSIC} ←`, CLASSIC],
  ['https://d-1234567890.\u200Bawsapps.\u00ADcom/start', CLASSIC],
  // Windows and right-to-left text put marks of direction around it.
  [`\u202A${VANITY}\u202C`, VANITY],
  [`\u2066${VANITY}\u2069`, VANITY],
  ['\u202Aacme.awsapps.com/start\u202C', START_URL],
  ['sso.\u200Bacme.example', 'https://sso.acme.example'],
  [`${VANITY}\uFE0F`, VANITY],
  ['https//acme.awsapps.com/start', START_URL],
  [`https://urldefense.com/v3/__${CLASSIC}__;!!AbC$`, CLASSIC],
  [`https://urldefense.com/v3/__${CLASSIC}*/__;Iw!!AbC$`, CLASSIC],
  [`https://urldefense.com/v3/__${DUAL_STACK}__;!!AbC$`, DUAL_STACK],
  [`https://urldefense.com/v3/__${DUAL_STACK}/*/__;Iw!!AbC$`, DUAL_STACK],
  ['https://acme.awsapps.com).', START_URL],
  [`https://https://https://${VANITY.slice(8)}`, VANITY],
  [
    'https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fd-1234567890.awsapps.com%2Fstart&data=05',
    CLASSIC,
  ],
  [`Portal: https://www.google.com/url?q=${CLASSIC}&sa=D.`, CLASSIC],
  ['https://my-alb.eu-west-1.elb.amazonaws.com/', 'https://my-alb.eu-west-1.elb.amazonaws.com'],
];

/** What is no start URL, and what its problem must speak of. */
const REFUSED: readonly (readonly [pasted: string, problem: RegExp])[] = [
  ['', /^Enter the URL of your AWS access portal/],
  ['  "" ', /^Enter the URL/],
  ['#/', /^Enter the URL/],
  ['https://', /isn't a web address/],
  ['https://%', /isn't a web address/],
  ["https://acme'.example", /isn't a web address/],
  ['https://sso..example', /isn't a web address/],
  ['https://acme.awsapps.com/start https://other.awsapps.com/start', /several addresses/],
  [`Portals: ${REGIONAL} or ${START_URL}`, /several addresses/],
  ['See https://wiki.acme.example or https://sso.acme.example/aws', /several addresses/],
  [`https://me@evil.example/?url=${START_URL}`, /Remove the part before the @/],
  [`See https://acme.awsapps.com@evil.example/start`, /Remove the part before the @/],
  ['https://start.us-gov-home.awsapps.com/ is our portal', /\/directory\/d-1234567890/],
  ['https://acme.awsapps .com/start', /can't contain spaces/],
  ['https://sso.acme.example /aws', /can't contain spaces/],
  ['Start URL: the one from the e-mail', /can't contain spaces/],
  [String.raw`https:\\acme.awsapps.com\start`, /backslashes/],
  ['http://acme.awsapps.com/start/#/', /Try https:\/\/acme\.awsapps\.com\/start/],
  ['http://127.0.0.1:8080/start', /begins with https/],
  ['ftp://acme.awsapps.com/start', /not with ftp:/],
  ['javascript:alert(1)', /not with javascript:/],
  ['https://me:hunter2@acme.awsapps.com/start', /Remove the part before the @/],
  ['https://acme.awsapps.com@evil.example/start', /Remove the part before the @/],
  ['https://acme.awsapps.com:8443/start', /Remove :8443/],
  ['acme', /Did you mean https:\/\/acme\.awsapps\.com\/start\?/],
  ['d-1234567890', /Did you mean https:\/\/d-1234567890\.awsapps\.com\/start\?/],
  ['\u2068d-1234567890\u2069', /Did you mean https:\/\/d-1234567890\.awsapps\.com\/start\?/],
  ['https://awsapps.com/start', /name of your portal is missing before awsapps\.com/],
  ['www.awsapps.com', /name of your portal is missing before awsapps\.com/],
  ['https://start.us-gov-home.awsapps.com/', /\/directory\/d-1234567890/],
  ['https://start.home.awsapps.cn/directory/', /\/directory\/d-1234567890/],
  ['https://identitycenter.amazonaws.com', /\/ssoins-/],
  ['https://us-east-1.signin.aws/platform/login?workflowStateHandle=x', /isn't the AWS access portal/],
  ['https://eu-west-1.console.aws.amazon.com/s3', /isn't the AWS access portal/],
  ['https://123456789012.signin.aws.amazon.com/console', /isn't the AWS access portal/],
  ['https://oidc.eu-west-1.amazonaws.com/', /isn't the AWS access portal/],
  ['https://device.sso.eu-west-1.amazonaws.com/', /isn't the AWS access portal/],
];

describe('a start URL', () => {
  for (const [pasted, startUrl] of ACCEPTED) {
    it(`is understood when pasted as ${JSON.stringify(pasted)}`, () => {
      assert.deepEqual(normalizeStartUrl(pasted), { ok: true, startUrl });
    });
  }

  for (const [pasted, problem] of REFUSED) {
    it(`is refused with a reason when pasted as ${JSON.stringify(pasted)}`, () => {
      const result = normalizeStartUrl(pasted);
      assert.ok(!result.ok, `accepted as ${JSON.stringify(result)}`);
      assert.match(inEnglish(result.problem), problem);
      assert.match(inEnglish(result.problem), /[.?]$/);
    });
  }

  /** As users report them elsewhere. */
  for (const [report, pasted, startUrl] of [
    ['aws-toolkit-vscode#5412', `${CLASSIC}/`, CLASSIC],
    ['aws-toolkit-vscode#4956', START_URL, START_URL],
    [
      'aws-toolkit-vscode#6341',
      'https://sso.acme.example/portal?qualifiers=true',
      'https://sso.acme.example/portal?qualifiers=true',
    ],
  ] as const) {
    it(`is never refused for its shape (${report})`, () => {
      assert.deepEqual(normalizeStartUrl(pasted), { ok: true, startUrl });
    });
  }

  it('may be http on loopback for a connection with an endpoint URL, and only there', () => {
    for (const host of ['127.0.0.1:8080', '[::1]:8080', 'localhost:8080', 'identity-center.localhost:8080']) {
      assert.deepEqual(normalizeStartUrl(`http://${host}/start/`, { allowLoopback: true }), {
        ok: true,
        startUrl: `http://${host}/start`,
      });
    }
    assert.equal(normalizeStartUrl('http://10.0.0.1/start', { allowLoopback: true }).ok, false);
    assert.equal(normalizeStartUrl('http://localhost.example/start', { allowLoopback: true }).ok, false);
  });

  it('never repeats a pasted password in its problem', () => {
    assert.doesNotMatch(JSON.stringify(normalizeStartUrl('https://me:hunter2@acme.awsapps.com')), /hunter2/);
  });

  it('stays as it is when normalized again', function () {
    this.timeout(30_000);
    const texts = fc.oneof(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.string());
    fc.assert(
      fc.property(texts, (text) => {
        const first = normalizeStartUrl(text);
        fc.pre(first.ok);
        assert.deepEqual(normalizeStartUrl(first.startUrl), first);
      }),
    );
  });

  it('keeps any alias, whatever is wrapped around it', () => {
    const alias = fc
      .stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/)
      .filter((name) => name !== 'www');
    const before = fc.constantFrom('', ' ', '"', '\t', '<', 'https://', ' https://');
    const after = fc.constantFrom('', '/', '/start', '/start/', '/start/#/', '/start#/a?b', '\n', '" ');
    fc.assert(
      fc.property(alias, before, after, (name, prefix, suffix) => {
        const startUrl = `https://${name}.awsapps.com/start`;
        assert.deepEqual(normalizeStartUrl(`${prefix}${name}.awsapps.com${suffix}`), { ok: true, startUrl });
      }),
    );
  });

  it('is the same start URL however it is written', () => {
    for (const [pasted, startUrl] of ACCEPTED) {
      assert.ok(isSameStartUrl(pasted, startUrl), pasted);
    }
    assert.ok(isSameStartUrl('http://localhost:1/start/', 'http://localhost:1/start'));
    assert.ok(!isSameStartUrl(START_URL, CLASSIC));
    assert.ok(!isSameStartUrl('https://sso.acme.example/a', 'https://sso.acme.example/b'));
    assert.ok(!isSameStartUrl('nonsense one', 'nonsense two'));
  });
});

describe('the region of a start URL', () => {
  const known: readonly (readonly [startUrl: string, region: string])[] = [
    [DUAL_STACK, 'eu-west-1'],
    [REGIONAL, 'eu-west-1'],
    ['https://ssoins-1.portal.us-gov-west-1.app.aws', 'us-gov-west-1'],
    ['https://ssoins-1.cn-north-1.portal.amazonaws.com.cn', 'cn-north-1'],
    ['https://ssoins-1.portal.cn-northwest-1.app.amazonwebservices.com.cn', 'cn-northwest-1'],
    ['https://ssoins-1.eusc-de-east-1.portal.amazonaws.eu', 'eusc-de-east-1'],
    ['https://ssoins-1.portal.eusc-de-east-1.api.amazonwebservices.eu', 'eusc-de-east-1'],
    ['https://start.us-gov-east-1.us-gov-home.awsapps.com/directory/acme', 'us-gov-east-1'],
    ['https://start.cn-north-1.home.awsapps.cn/directory/acme', 'cn-north-1'],
  ];
  for (const [startUrl, region] of known) {
    it(`is read from ${startUrl}`, () => assert.equal(regionFromStartUrl(startUrl), region));
  }

  for (const startUrl of [
    CLASSIC,
    GOV,
    CHINA,
    ISSUER,
    VANITY,
    'https://ssoins-1.portal.nowhere.app.aws',
    'https://ssoins-1.portal.eu-west-1.app.aws.evil.example',
  ]) {
    it(`is not guessed from ${startUrl}`, () => assert.equal(regionFromStartUrl(startUrl), undefined));
  }
});

describe('the portal of a start URL', () => {
  const SPELLINGS: readonly (readonly string[])[] = [
    [REGIONAL, `${REGIONAL}/start`, DUAL_STACK, `${DUAL_STACK}/start/#/`],
    [
      'https://ssoins-1.cn-north-1.portal.amazonaws.com.cn',
      'https://ssoins-1.portal.cn-north-1.app.amazonwebservices.com.cn/start',
    ],
    [
      'https://ssoins-1.eusc-de-east-1.portal.amazonaws.eu/start',
      'https://ssoins-1.portal.eusc-de-east-1.api.amazonwebservices.eu',
    ],
  ];
  for (const [first = '', ...others] of SPELLINGS) {
    for (const other of others) {
      it(`is the same for ${first} and ${other}`, () => assert.ok(isSameStartUrl(first, other)));
    }
  }

  it('is never the same for two instances, regions or directories', () => {
    assert.ok(!isSameStartUrl(REGIONAL, DUAL_STACK.replace('ssoins-1', 'ssoins-2')));
    assert.ok(!isSameStartUrl(REGIONAL, DUAL_STACK.replace('eu-west-1', 'eu-west-2')));
    assert.ok(!isSameStartUrl(REGIONAL, `${REGIONAL}/elsewhere`));
    assert.ok(!isSameStartUrl(GOV, GOV.replace('d-1234567890', 'd-0987654321')));
    assert.ok(!isSameStartUrl('https://x.portal.nowhere.app.aws', 'https://x.nowhere.portal.amazonaws.com'));
  });

  for (const [startUrl, name] of [
    [START_URL, 'acme'],
    [CLASSIC, 'd-1234567890'],
    [REGIONAL, 'ssoins-1234567890abcdef'],
    [DUAL_STACK, 'ssoins-1234567890abcdef'],
    [ISSUER, 'ssoins-1234567890abcdef'],
    [VANITY, 'sso.acme.example'],
    [GOV, 'd-1234567890'],
    [CHINA, 'acme'],
    ['https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/acme', 'acme'],
    ['https://start.cn-northwest-1.home.awsapps.cn/directory/d-1', 'd-1'],
  ] as const) {
    it(`is called ${name} for ${startUrl} (aws-sso-cli#1285, leapp#388)`, () =>
      assert.equal(portalName(startUrl), name));
  }
});

describe('the partition of a start URL', () => {
  for (const [startUrl, partition] of [
    [CLASSIC, 'aws'],
    [GOV, 'aws-us-gov'],
    ['https://ssoins-1.portal.us-gov-west-1.app.aws', 'aws-us-gov'],
    ['https://identitycenter.us-gov.amazonaws.com/ssoins-1', 'aws-us-gov'],
    [CHINA, 'aws-cn'],
    ['https://identitycenter.amazonaws.com.cn/ssoins-1', 'aws-cn'],
    ['https://identitycenter.amazonaws.eu/ssoins-1', 'aws-eusc'],
    [ISSUER, undefined],
    [VANITY, undefined],
    ['https://sso.acme.cn', undefined],
  ] as const) {
    it(`is ${partition ?? 'unknown'} for ${startUrl}`, () =>
      assert.equal(partitionHint(startUrl), partition));
  }
});
