import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { StartUrlError, resolveStartUrl } from '../../../../src/connections/startUrl/resolveStartUrl.ts';
import { listen } from '../../../support/listen.ts';
import type { Listening } from '../../../support/listen.ts';
import { VirtualClock } from '../../../support/virtualClock.ts';

const PORTAL = 'https://acme.awsapps.com/start';
const VANITY = 'https://sso.acme.example/aws';

const answer =
  (status: number, headers: Record<string, string>): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end('<p>Moved</p>');
  };

/** Fails the test when anything is requested. */
const noNetwork: typeof globalThis.fetch = () => assert.fail('nothing is to be requested');

describe('a start URL on a company domain', () => {
  const servers: Listening[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

  /** `fetch` in a world where sso.acme.example is the given server. */
  async function fetchFrom(listener: RequestListener): Promise<typeof globalThis.fetch> {
    const server = await listen(createServer(listener));
    servers.push(server);
    return (input, init) => {
      const { pathname, search, host, protocol } = new URL(input instanceof Request ? input.url : input);
      assert.equal(`${protocol}//${host}`, 'https://sso.acme.example');
      return fetch(new URL(`${pathname}${search}`, server.url), init);
    };
  }

  for (const status of [301, 302, 303, 307, 308]) {
    it(`is the portal that the redirect ${status} leads to`, async () => {
      const fetch = await fetchFrom(answer(status, { location: `${PORTAL}/#/` }));
      assert.equal(await resolveStartUrl(VANITY, { fetch }), PORTAL);
    });
  }

  it('is asked for once, by GET, with its path and query', async () => {
    const requests: string[] = [];
    const fetch = await fetchFrom((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      response.writeHead(302, { location: PORTAL }).end();
    });
    await resolveStartUrl(`${VANITY}?tenant=7`, { fetch });
    assert.deepEqual(requests, ['GET /aws?tenant=7']);
  });

  it('is not asked for when it is a portal, or local', async () => {
    for (const startUrl of [PORTAL, 'http://127.0.0.1:8080/start']) {
      assert.equal(await resolveStartUrl(startUrl, { fetch: noNetwork }), startUrl);
    }
  });

  for (const [what, listener, message] of [
    ['an ordinary page', answer(200, {}), /HTTP status 200/],
    ['a page with a location', answer(200, { location: PORTAL }), /HTTP status 200/],
    ['a redirect without a location', answer(302, {}), /HTTP status 302/],
    ['an error', answer(503, {}), /HTTP status 503/],
    ['another company', answer(302, { location: 'https://evil.example/start' }), /https:\/\/evil\.example/],
    ['a lookalike', answer(302, { location: 'https://acme.awsapps.com.evil.example' }), /evil\.example/],
    ['itself', answer(302, { location: '/login' }), /https:\/\/sso\.acme\.example/],
    ['a portal over http', answer(302, { location: 'http://acme.awsapps.com/start' }), /http:\/\/acme/],
    ['a sign-in page', answer(302, { location: 'https://us-east-1.signin.aws/x' }), /signin\.aws/],
    ['a script', answer(302, { location: 'javascript:alert(1)' }), /redirects to javascript:/],
  ] as const) {
    it(`is refused when it leads to ${what}`, async () => {
      const fetch = await fetchFrom(listener);
      await assert.rejects(resolveStartUrl(VANITY, { fetch }), (error) => {
        assert.ok(error instanceof StartUrlError, String(error));
        assert.equal(error.code, 'notAPortal');
        assert.match(error.message, /^sso\.acme\.example doesn't lead to an AWS access portal\. /);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it("that cannot be reached is refused in the system's own words", async () => {
    const fetch = await fetchFrom((request) => request.socket.destroy());
    await assert.rejects(resolveStartUrl(VANITY, { fetch }), {
      name: 'StartUrlError',
      code: 'unreachable',
      message:
        /^Can't reach sso\.acme\.example\. System error: other side closed\. Check the spelling of the start URL/,
    });
  });

  it('that does not answer is given up after ten seconds', async () => {
    const clock = new VirtualClock();
    let delays: readonly number[] = [];
    const fetch = await fetchFrom(() => {
      ({ delays } = clock);
      void clock.advance(10_000);
    });
    await assert.rejects(resolveStartUrl(VANITY, { fetch, clock }), {
      code: 'unreachable',
      message: /No response within 10 seconds/,
    });
    assert.deepEqual(delays, [10_000]);
  });

  it("ends with the signal's own reason when the user cancels", async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const fetch = await fetchFrom(() => controller.abort(reason));
    await assert.rejects(
      resolveStartUrl(VANITY, { fetch, signal: controller.signal }),
      (error) => error === reason,
    );
  });
});
