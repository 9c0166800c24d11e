import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http';

import { systemRandom } from '../../../../src/common/random.ts';
import { inEnglish } from '../../../../src/common/words.ts';
import type { Available } from '../../../../src/roles/credentials/credentialsSource.ts';
import type { SessionRole } from '../../../../src/roles/credentials/roleCredentials.ts';
import { notNow, unavailable } from '../../../../src/roles/credentials/unavailable.ts';
import { CredentialsEndpoint } from '../../../../src/roles/endpoint/credentialsEndpoint.ts';

const ROLE: SessionRole = { sessionId: 'acme', accountId: '111122223333', roleName: 'Developer' };
const AVAILABLE: Available = {
  kind: 'available',
  credentials: {
    accessKeyId: 'ASIAEXAMPLE',
    secretAccessKey: 'the secret key',
    sessionToken: 'the session token',
    expiration: Date.UTC(2026, 0, 1, 12, 0, 0, 750),
  },
};

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

async function ask(
  url: string,
  headers: OutgoingHttpHeaders,
  method = 'GET',
  agent: Agent | false = false,
): Promise<Answer> {
  const sent = request(url, { method, headers, agent });
  sent.end();
  const [response] = await once(sent, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk);
  }
  return { status: response.statusCode, text: Buffer.concat(chunks).toString() };
}

describe('the credentials endpoint', () => {
  let endpoint: CredentialsEndpoint;
  let answer: Available | Promise<Available>;
  let reads: SessionRole[];

  beforeEach(async () => {
    answer = AVAILABLE;
    reads = [];
    const read = async (role: SessionRole): Promise<Available> => {
      reads.push(role);
      return answer;
    };
    endpoint = await CredentialsEndpoint.listen({ read, localize: inEnglish, random: systemRandom });
  });

  afterEach(() => endpoint.dispose());

  it('returns the credentials of the terminal’s role, in the form that every tool takes', async () => {
    const { url, token } = endpoint.grant(ROLE);
    const { status, text } = await ask(url, { authorization: token });
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(text), {
      Version: 1,
      Code: 'Success',
      AccessKeyId: 'ASIAEXAMPLE',
      AccessKeyID: 'ASIAEXAMPLE',
      SecretAccessKey: 'the secret key',
      Token: 'the session token',
      SessionToken: 'the session token',
      Expiration: '2026-01-01T12:00:00Z',
      AccountId: '111122223333',
    });
    assert.deepEqual(reads, [ROLE]);
  });

  it('has no secret in its URL, and a token of 256 bits for each terminal', () => {
    const [one, two] = [endpoint.grant(ROLE), endpoint.grant(ROLE)];
    assert.equal(Buffer.from(one.token, 'base64url').length, 32);
    assert.notEqual(one.token, two.token);
    assert.notEqual(one.url, two.url);
    assert.ok(!one.url.includes(one.token));
  });

  it('takes the Host without its port, as the Common Runtime sends it', async () => {
    const { url, token } = endpoint.grant(ROLE);
    for (const host of ['127.0.0.1', 'localhost', 'LocalHost:1']) {
      assert.equal((await ask(url, { authorization: token, host })).status, 200, host);
    }
  });

  it("refuses, and reads nothing, without the terminal's own path and token (aws-vault#595)", async () => {
    const { url, token } = endpoint.grant(ROLE);
    const other = endpoint.grant(ROLE);
    const wrong: readonly (readonly [string, OutgoingHttpHeaders])[] = [
      [url, {}],
      [url, { authorization: '' }],
      [url, { authorization: `${token} x` }],
      [url, { authorization: token.slice(1) }],
      [url, { authorization: `Bearer ${token}` }],
      [url, { authorization: other.token }],
      [`${url}x`, { authorization: token }],
      [`${url}?a=b`, { authorization: token }],
      [url.replace('/credentials/', '/other/'), { authorization: token }],
    ];
    for (const [to, headers] of wrong) {
      const { status, text } = await ask(to, headers);
      assert.equal(status, 401, JSON.stringify([to, headers]));
      assert.equal((JSON.parse(text) as { code: string }).code, 'closed');
    }
    assert.deepEqual(reads, []);
  });

  it('refuses a web page, even with the right token', async () => {
    const { url, token } = endpoint.grant(ROLE);
    const fromPages: readonly OutgoingHttpHeaders[] = [
      { host: 'attacker.example' },
      { host: '127.0.0.1.attacker.example' },
      { origin: 'http://127.0.0.1' },
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-mode': 'no-cors' },
      { 'access-control-request-private-network': 'true' },
    ];
    for (const headers of fromPages) {
      assert.equal(
        (await ask(url, { authorization: token, ...headers })).status,
        401,
        JSON.stringify(headers),
      );
    }
    assert.deepEqual(reads, []);
  });

  for (const method of ['POST', 'PUT', 'HEAD', 'OPTIONS', 'DELETE']) {
    it(`says no to ${method}`, async () => {
      const { url, token } = endpoint.grant(ROLE);
      assert.equal((await ask(url, { authorization: token }, method)).status, 401);
      assert.deepEqual(reads, []);
    });
  }

  it('refuses a terminal once its grant is disposed, and serves the others', async () => {
    const [one, two] = [endpoint.grant(ROLE), endpoint.grant(ROLE)];
    one.dispose();
    assert.equal((await ask(one.url, { authorization: one.token })).status, 401);
    assert.equal((await ask(two.url, { authorization: two.token })).status, 200);
  });

  it('returns nothing where the terminal is closed while it waits for the credentials', async () => {
    const { promise, resolve } = Promise.withResolvers<Available>();
    answer = promise;
    const [closed, open] = [endpoint.grant(ROLE), endpoint.grant(ROLE)];
    const answers = Promise.all([closed, open].map(({ url, token }) => ask(url, { authorization: token })));
    while (reads.length < 2) {
      await new Promise(setImmediate);
    }
    closed.dispose();
    resolve(AVAILABLE);
    const [refused, given] = await answers;
    assert.deepEqual([refused?.status, given?.status], [401, 200]);
    assert.equal((JSON.parse(refused?.text ?? '') as { code: string }).code, 'closed');
  });

  it('says why there are none, with a status that no tool tries again', async () => {
    const { url, token } = endpoint.grant(ROLE);
    const expected = [
      [unavailable('needsSignIn'), 401],
      [unavailable('signedOut'), 401],
      [unavailable('forbidden'), 403],
      [notNow('The service is down.'), 403],
    ] as const;
    for (const [why, status] of expected) {
      answer = why;
      const got = await ask(url, { authorization: token });
      assert.equal(got.status, status);
      const message = inEnglish(why.words);
      assert.deepEqual(JSON.parse(got.text), {
        code: why.reason,
        message,
        Code: why.reason,
        Message: message,
      });
    }
  });

  it('answers the right one among 10,000 wrong requests', async function () {
    this.timeout(60_000);
    const { url, token } = endpoint.grant(ROLE);
    const agent = new Agent({ keepAlive: true });
    const wrong = async (): Promise<void> => {
      for (let sent = 0; sent < 500; sent += 1) {
        assert.equal((await ask(url, { authorization: `wrong ${sent}` }, 'GET', agent)).status, 401);
      }
    };
    const attack = Promise.all(Array.from({ length: 20 }, wrong));
    for (let sent = 0; sent < 100; sent += 1) {
      assert.equal((await ask(url, { authorization: token })).status, 200);
    }
    await attack;
    agent.destroy();
  });

  it('listens on 127.0.0.1 alone, and no more once disposed (aws-vault#595)', async () => {
    const { url, token } = endpoint.grant(ROLE);
    assert.equal(new URL(url).hostname, '127.0.0.1');
    endpoint.dispose();
    await assert.rejects(ask(url, { authorization: token }), { code: 'ECONNREFUSED' });
  });
});
