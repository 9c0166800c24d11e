import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { readPortalRegion, regionIn } from '../../../../src/connections/startUrl/portalPage.ts';
import { listen } from '../../../support/listen.ts';
import type { Listening } from '../../../support/listen.ts';
import { VirtualClock } from '../../../support/virtualClock.ts';

const START_URL = 'https://d-1234567890.awsapps.com/start';

describe("the region in the access portal's page", () => {
  for (const [tag, region] of [
    ['<meta name="region" content="eu-west-1">', 'eu-west-1'],
    ["<META content='us-gov-west-1' name='region' />", 'us-gov-west-1'],
    ['<meta name=region content=EU-CENTRAL-1>', 'eu-central-1'],
    ['<meta name="viewport" content="x"><meta data-x name="region" content=" ap-south-1 ">', 'ap-south-1'],
  ] as const) {
    it(`is read from ${tag}`, () => {
      assert.equal(regionIn(`<!DOCTYPE html><head>${tag}</head>`), region);
    });
  }

  for (const html of [
    '',
    '<meta name="region">',
    '<meta name="region" content="">',
    '<meta name="region" content="evil.example/eu-west-1">',
    '<meta name="regions" content="eu-west-1">',
    '<p name="region" content="eu-west-1">',
    '{"region":"eu-west-1"}',
  ]) {
    it(`is not guessed from ${JSON.stringify(html)}`, () => assert.equal(regionIn(html), undefined));
  }
});

const unreachable: typeof globalThis.fetch = () => Promise.reject(new TypeError('fetch failed'));

describe("asking the access portal's page for its region", () => {
  const servers: Listening[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

  async function portal(listener: RequestListener): Promise<typeof globalThis.fetch> {
    const server = await listen(createServer(listener));
    servers.push(server);
    return (_url, init) => fetch(new URL('/start', server.url), init);
  }
  const clock = new VirtualClock();

  it('is one request, without anything that tells who asks', async () => {
    const seen: unknown[] = [];
    const fetch = await portal((request, response) => {
      seen.push([request.method, request.headers.cookie, request.headers.authorization]);
      response.end('<meta name="region" content="eu-west-1">');
    });
    assert.equal(await readPortalRegion(START_URL, { fetch, clock }), 'eu-west-1');
    assert.deepEqual(seen, [['GET', undefined, undefined]]);
  });

  for (const location of [
    '/start/',
    'https://d-1234567890.awsapps.com/start?x=1',
    'https://ssoins-1.portal.eu-west-1.app.aws/',
  ]) {
    it(`follows one redirect to a portal: ${location}`, async () => {
      const requested: string[] = [];
      const answers = await portal((_request, response) => {
        const headers = requested.length === 1 ? { location } : {};
        response.writeHead(requested.length === 1 ? 302 : 200, headers);
        response.end('<meta name="region" content="eu-west-1">');
      });
      const fetch: typeof globalThis.fetch = (input, init) => {
        requested.push(new URL(input instanceof Request ? input.url : input).href);
        return answers(input, init);
      };
      assert.equal(await readPortalRegion(START_URL, { fetch, clock }), 'eu-west-1');
      assert.deepEqual(requested, [START_URL, new URL(location, START_URL).href]);
    });
  }

  for (const location of [
    'https://evil.example/start',
    'https://d-1234567890.awsapps.com.evil.example/start',
    'http://d-1234567890.awsapps.com/start',
    'https://d-1234567890.awsapps.com:8443/start',
    'https://[',
  ]) {
    it(`follows no redirect to ${location}`, async () => {
      let requests = 0;
      const fetch = await portal((_request, response) => {
        requests += 1;
        response.writeHead(302, { location }).end('<meta name="region" content="eu-west-1">');
      });
      assert.equal(await readPortalRegion(START_URL, { fetch, clock }), undefined);
      assert.equal(requests, 1);
    });
  }

  it('follows no second redirect', async () => {
    let requests = 0;
    const fetch = await portal((_request, response) => {
      requests += 1;
      response.writeHead(302, { location: '/start' }).end('<meta name="region" content="eu-west-1">');
    });
    assert.equal(await readPortalRegion(START_URL, { fetch, clock }), undefined);
    assert.equal(requests, 2);
  });

  it('reads the beginning of an endless page only', async () => {
    const fetch = await portal((_request, response) => {
      const write = (): void => {
        while (!response.destroyed && response.write('<p>'.repeat(10_000)));
      };
      response.on('drain', write);
      write();
    });
    assert.equal(await readPortalRegion(START_URL, { fetch, clock }), undefined);
  });

  it('gives up on a page that does not come, and on one that cannot be reached', async () => {
    const asked = Promise.withResolvers<void>();
    const fetch = await portal(() => asked.resolve());
    const region = readPortalRegion(START_URL, { fetch, clock });
    await asked.promise;
    await clock.advance(5000);
    assert.equal(await region, undefined);
    assert.equal(await readPortalRegion(START_URL, { fetch: unreachable, clock }), undefined);
  });

  it('ends at once when the sign-in is cancelled', async () => {
    const controller = new AbortController();
    const asked = Promise.withResolvers<void>();
    const fetch = await portal(() => asked.resolve());
    const region = readPortalRegion(START_URL, { fetch, clock, signal: controller.signal });
    await asked.promise;
    controller.abort(new Error('cancelled'));
    await assert.rejects(region, /cancelled/);
  });
});
