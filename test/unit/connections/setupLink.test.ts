import assert from 'node:assert/strict';
import * as fc from 'fast-check';

import type { InteractiveConnection } from '../../../src/connections/connection.ts';
import { parseSetupLink, setupLink } from '../../../src/connections/setupLink.ts';
import type { LinkedConnection } from '../../../src/connections/setupLink.ts';
import { inEnglish } from '../../../src/common/words.ts';

const EXTENSION = 'identity-center-tools.aws-sso-auth';
const PORTAL = 'https://d-1234567890.awsapps.com/start';
const ACME = { name: 'acme', startUrl: PORTAL, region: 'eu-central-1' };

/** The link as VS Code hands it over: its path and its query, the latter percent-decoded once as a whole. */
function opened(link: string): ReturnType<typeof parseSetupLink> {
  const { pathname, search } = new URL(link);
  return parseSetupLink(pathname, decodeURIComponent(search.slice(1)));
}

function linkedIn(query: string): LinkedConnection {
  const parsed = parseSetupLink('/connect', query);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.linked;
}

function problemOf(query: string, path = '/connect'): string {
  const parsed = parseSetupLink(path, query);
  assert.ok(!parsed.ok, JSON.stringify(parsed));
  return inEnglish(parsed.problem);
}

function link(connection: InteractiveConnection): string {
  return setupLink('vscode', EXTENSION, connection) ?? assert.fail('there is no link');
}

describe('a setup link', () => {
  it('sets the name, the start URL and the region', () => {
    const query = `startUrl=${PORTAL}&region=eu-central-1&name=acme`;
    assert.deepEqual(parseSetupLink('/connect', query), { ok: true, linked: ACME, ignored: [] });
  });

  it('can do without name and region, and takes blank ones for that', () => {
    assert.deepEqual(linkedIn(`startUrl=${PORTAL}`), { startUrl: PORTAL });
    assert.deepEqual(linkedIn(`name=+&region=&startUrl=${PORTAL}`), { startUrl: PORTAL });
  });

  it('takes the start URL in any form that the settings take', () => {
    assert.equal(linkedIn('startUrl=D-1234567890.awsapps.com/start/%23/').startUrl, PORTAL);
    assert.equal(linkedIn('startUrl=https://sso.acme.example/aws').startUrl, 'https://sso.acme.example/aws');
  });

  it('can set nothing else: what else it says is ignored, and named', () => {
    const more =
      'endpointUrl=https://evil.example&flow=authorizationCode&scopes=everything&applicationArn=arn&__proto__=x&constructor=y';
    const parsed = parseSetupLink('/connect', `startUrl=${PORTAL}&${more}`);
    assert.deepEqual(parsed, {
      ok: true,
      linked: { startUrl: PORTAL },
      ignored: ['endpointUrl', 'flow', 'scopes', 'applicationArn', '__proto__'],
    });
  });

  it('is opened in a new window or not, without a message', () => {
    const parsed = parseSetupLink('/connect', `startUrl=${PORTAL}&windowId=_blank`);
    assert.deepEqual(parsed.ok && parsed.ignored, []);
  });

  it('names what it ignores on one line, shortened, without what could imitate or hide', () => {
    const name = `a\n\u202Eb${'x'.repeat(200)}`;
    const parsed = parseSetupLink('/connect', `startUrl=${PORTAL}&${encodeURIComponent(name)}=1`);
    assert.deepEqual(parsed.ok && parsed.ignored, [`a b${'x'.repeat(36)}…`]);
  });

  it('brings a name of 100 characters at most, on one line, without what turns the direction around', () => {
    assert.equal(linkedIn(`startUrl=${PORTAL}&name=${'x'.repeat(300)}`).name?.length, 100);
    assert.equal(linkedIn(`startUrl=${PORTAL}&name=a%E2%80%AEb%C2%A0%E2%80%8Bc`).name, 'a b c');
  });

  for (const [query, problem] of [
    ['', /startUrl: This property is required/],
    ['region=eu-central-1&name=acme', /startUrl: This property is required/],
    ['starturl=https://acme.awsapps.com/start', /startUrl: This property is required/],
    ['startUrl=', /startUrl: This property is required/],
    ['startUrl=http://acme.awsapps.com/start', /startUrl: A start URL begins with https/],
    ['startUrl=http://127.0.0.1:8080/start', /startUrl: Use https:\/\//],
    ['startUrl=http://localhost/start', /startUrl: Use https:\/\//],
    ['startUrl=javascript:alert(1)', /not with javascript:/],
    ['startUrl=file:///etc/passwd', /not with file:/],
    ['startUrl=command:workbench.action.quit', /not with command:/],
    ['startUrl=https://me:secret@acme.awsapps.com/start', /Remove the part before the @/],
    [`startUrl=${PORTAL}&region=eu-central-1.evil.example`, /region: This isn't a region code/],
    [`startUrl=${PORTAL}&name=a%0Ab`, /name: Must not contain control characters/],
    [`startUrl=${PORTAL}&name=%E2%80%AE`, /name: Must be a name/],
    [`startUrl=${PORTAL}&startUrl=https://evil.example`, /contains startUrl more than once/],
    [`startUrl=${PORTAL}&region=eu-west-1&region=us-east-1`, /contains region more than once/],
    [`startUrl=${PORTAL}&x=${'x'.repeat(2000)}`, /too long/],
    ['startUrl=https://view.awsapps.com/start', /^AWS Builder ID doesn't need a setup link/],
  ] as const) {
    it(`is refused with a reason: ${query.slice(0, 80)}`, () => {
      assert.match(problemOf(query), problem);
      assert.doesNotMatch(problemOf(query), /secret@/);
    });
  }

  for (const path of [
    '',
    '/',
    '/connect/',
    '/Connect',
    '/connect/x',
    '/signIn',
    `/\u202E${'x'.repeat(500)}`,
  ]) {
    it(`leads to /connect only, and not to ${JSON.stringify(path.slice(0, 20))}`, () => {
      const problem = problemOf(`startUrl=${PORTAL}`, path);
      assert.match(problem, /^AWS SSO can't open links to .*A setup link leads to \/connect\.$/);
      assert.doesNotMatch(problem, /\u202E|x{41}/);
    });
  }
});

describe('the setup link of a connection', () => {
  it('is readable, and has the three members only', () => {
    const connection: InteractiveConnection = {
      ...ACME,
      scopes: ['one'],
      flow: 'authorizationCode',
      useFipsEndpoint: true,
      endpointUrl: 'https://vpce.example',
    };
    assert.equal(
      link(connection),
      `vscode://${EXTENSION}/connect?startUrl=${PORTAL}&region=eu-central-1&name=acme`,
    );
  });

  it('opens as the same connection, whatever its name and the query of its start URL (aws-toolkit-vscode#3820)', function () {
    this.timeout(20_000);
    const names = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      fc.constantFrom(
        'R&D',
        'a=b',
        '100%',
        'a+b',
        'a%26b',
        '%25',
        '#1',
        "Jane's",
        '(acme)',
        'ä 日本 👩‍💻',
        'a?b/c',
      ),
    );
    const startUrls = fc.constantFrom(
      PORTAL,
      'https://sso.acme.example/aws?tenant=7&x=a+b%26c',
      'https://start.us-gov-home.awsapps.com/directory/d-1',
    );
    fc.assert(
      fc.property(names, startUrls, (name, startUrl) => {
        const direct = parseSetupLink('/connect', String(new URLSearchParams({ startUrl, name })));
        fc.pre(direct.ok && direct.linked.name !== undefined && direct.linked.name === name);
        const made = link({ ...ACME, name, startUrl });
        assert.deepEqual(opened(made), {
          ok: true,
          linked: { name, startUrl, region: ACME.region },
          ignored: [],
        });
        assert.match(made, /^[\w:/.?=&%,;@$-]+$/);
      }),
    );
  });

  it('ends no link of Markdown, HTML or a chat before its end', () => {
    assert.match(
      link({ ...ACME, name: `a)b(c]d"e'f<g>h*i_j~k` }),
      /name=a%29b%28c%5Dd%22e%27f%3Cg%3Eh%2Ai%5Fj%7Ek$/,
    );
  });

  it('is not there where none could be opened: on loopback, and for AWS Builder ID', () => {
    const local = { ...ACME, startUrl: 'http://127.0.0.1:8080/start', endpointUrl: 'http://127.0.0.1:8080' };
    assert.equal(setupLink('vscode', EXTENSION, local), undefined);
    const builderId = { ...ACME, startUrl: 'https://view.awsapps.com/start', region: 'us-east-1' };
    assert.equal(setupLink('vscode', EXTENSION, builderId), undefined);
  });
});
