import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { SsoOidcError } from '../../../src/wire/errors.ts';
import type { CreateTokenResponse, StartDeviceAuthorizationResponse } from '../../../src/oidc/model.ts';
import type { Listening } from '../../support/listen.ts';
import { VirtualClock } from '../../support/virtualClock.ts';
import { clientOf, DEVICE_POLL, httpServer, SECRETS } from './support.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** The secrets in the request. */
const SENT = [SECRETS.clientSecret, SECRETS.deviceCode];

/** The secrets in the answer are the tokens and codes in these. */
const TOKEN = {
  accessToken: 'access-token-0f9e8d7c6b5a',
  tokenType: 'Bearer',
  expiresIn: 3600,
  refreshToken: 'new-refresh-token-1a2b3c4d',
  idToken: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJwZXJzb24ifQ.',
};
const DEVICE = {
  deviceCode: 'new-device-code-99887766',
  userCode: 'BCDF-GHJK',
  verificationUri: 'https://device.sso.eu-west-1.amazonaws.com/',
  expiresIn: 600,
  interval: 1,
};

const status = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(200, 400, 401, 500) },
  fc.integer({ min: 200, max: 599 }).filter((status) => status !== 407),
);
const headers = fc.record(
  {
    'content-type': fc.constantFrom('application/json', 'text/html', ''),
    'x-amzn-errortype': fc.oneof(
      fc.constantFrom('InvalidGrantException:http://x', 'constructor', '__proto__', ...SENT),
      fc.stringMatching(/^[!-~]{0,40}$/),
    ),
    'retry-after': fc.stringMatching(/^[ -~]{0,30}$/),
    'x-amzn-requestid': fc.stringMatching(/^[!-~]{0,40}$/),
  },
  { requiredKeys: [] },
);
const absurdNumber = fc.constantFrom(0, -1, 0.5, 1e308, -1e308, 2 ** 53, '3600', null, true, [], {});
const member = fc.constantFrom(...Object.keys(TOKEN), ...Object.keys(DEVICE), 'error', 'error_description');
const wrongShape = fc
  .tuple(member, fc.oneof(absurdNumber, fc.jsonValue()))
  .map(([name, value]) => JSON.stringify({ ...TOKEN, ...DEVICE, [name]: value }));
const truncated = fc
  .tuple(
    fc.constantFrom(TOKEN, DEVICE).map((valid) => JSON.stringify(valid)),
    fc.nat(400),
  )
  .map(([text, length]) => text.slice(0, length));
const echo = fc
  .tuple(fc.string({ unit: 'binary' }), fc.constantFrom(...SENT), fc.string())
  .map(([before, secret, after]) =>
    JSON.stringify({ error: 'invalid_grant', error_description: before + secret + after }),
  );
const body = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ unit: 'binary' }),
  fc.json(),
  wrongShape,
  truncated,
  echo,
  fc.constantFrom(
    '['.repeat(100_000),
    `{"a":${'9'.repeat(5000)}}`,
    '{"__proto__":{"accessToken":"x"}}',
    '{"expiresIn":1e999}',
  ),
);
const answer: fc.Arbitrary<Answer> = fc.record({ status, headers, body });

function isSeconds(value: unknown): boolean {
  return value === undefined || (Number.isSafeInteger(value) && Number(value) >= 1);
}

/** Whether a result is what its type says. */
function assertTrue(result: CreateTokenResponse | StartDeviceAuthorizationResponse): void {
  for (const [name, value] of Object.entries(result)) {
    if (name === 'expiresIn' || name === 'interval') {
      assert(isSeconds(value), `${name} is ${inspect(value)}`);
    } else if (name !== 'ResponseMetadata') {
      assert.equal(typeof value, 'string', name);
      assert(name in TOKEN || name in DEVICE || name === 'verificationUriComplete', name);
    }
  }
}

function assertHarmless(error: unknown): void {
  assert(error instanceof SsoOidcError, inspect(error));
  const printed = error.message + inspect(error) + JSON.stringify(error);
  for (const secret of [...SENT, TOKEN.accessToken, TOKEN.refreshToken, DEVICE.deviceCode]) {
    assert(!printed.includes(secret), `shows ${secret}: ${printed}`);
  }
  assert(error.message.length < 2000, `${error.message.length} characters`);
}

describe('a hostile answer', () => {
  let server: Listening;
  let current: Answer = { status: 200, headers: {}, body: '' };

  before(async () => {
    server = await httpServer((_, response) => {
      response.writeHead(current.status, current.headers).end(current.body);
    });
  });
  after(() => server[Symbol.asyncDispose]());

  it('gives a valid result or a typed error without a secret, never anything else', async function () {
    this.timeout(20_000);
    const client = clientOf(server, new VirtualClock());
    let results = 0;
    await fc.assert(
      fc.asyncProperty(answer, async (hostile) => {
        current = hostile;
        try {
          assertTrue(await client.createToken(DEVICE_POLL));
          results++;
        } catch (error) {
          if (error instanceof assert.AssertionError) {
            throw error;
          }
          assertHarmless(error);
        }
      }),
      { numRuns: 1000 },
    );
    assert(results > 0, 'no answer was valid: the property says nothing about results');
  });

  it('of absurd numbers is put right where that is possible, or counts as absent', async () => {
    const client = clientOf(server);
    for (const [value, expiresIn, interval] of [
      [0, undefined, undefined],
      [-1, undefined, undefined],
      [0.5, undefined, 1],
      [1.5, 1, 2],
      ['3600', 3600, 3600],
      ['3600.9', 3600, 3601],
      [2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1],
      [2 ** 31, undefined, undefined],
      [1e308, undefined, undefined],
      ['-1', undefined, undefined],
      ['1e3', undefined, undefined],
      ['', undefined, undefined],
      [true, undefined, undefined],
      [[], undefined, undefined],
      [{}, undefined, undefined],
    ] as const) {
      for (const [name, right] of [
        ['expiresIn', expiresIn],
        ['interval', interval],
      ] as const) {
        current = { status: 200, headers: {}, body: JSON.stringify({ ...DEVICE, [name]: value }) };
        const start = {
          clientId: 'id',
          clientSecret: SECRETS.clientSecret,
          startUrl: 'https://a.awsapps.com/start',
        };
        const result = await client.startDeviceAuthorization(start);
        assert.equal(result[name], right, `${name}: ${inspect(value)}`);
        assert.equal(Object.hasOwn(result, name), right !== undefined);
        assert.equal(result.deviceCode, DEVICE.deviceCode);
      }
    }
  });

  it('of a gigabyte ends after a megabyte', async () => {
    let sent = 0;
    await using flood = await httpServer((_, response) => {
      const chunk = 'x'.repeat(64 * 1024);
      const pour = (): void => {
        while (!response.destroyed && sent < 2 ** 30) {
          sent += chunk.length;
          if (!response.write(chunk)) {
            return;
          }
        }
      };
      response.on('drain', pour);
      pour();
    });
    await assert.rejects(
      clientOf(flood).createToken(DEVICE_POLL),
      ({ code }: SsoOidcError) => code === 'OversizedBody',
    );
    assert(sent < 64 * 2 ** 20, `${sent} bytes were taken`);
  });
});
