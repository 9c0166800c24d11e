import assert from 'node:assert/strict';

import { copyRecordOf, recordOf, withConfirmed } from '../../../src/awsCli/cliRecord.ts';
import type { CliRecord } from '../../../src/awsCli/cliRecord.ts';
import { descentOf } from '../../../src/awsCli/descent.ts';
import type { Descent } from '../../../src/awsCli/descent.ts';
import type { CliToken } from '../../../src/awsCli/files/cliCache.ts';
import { ACME, HOUR_MS, MINUTE_MS } from './support.ts';

const NOON = Date.UTC(2026, 10, 27, 12);
const RENEWAL = {
  clientId: 'client',
  clientSecret: 'client-secret',
  registrationExpiresAt: NOON + 90 * 24 * HOUR_MS,
  refreshToken: 'refresh',
};
/** What was last seen in the file, at 11:00. */
const SEEN: CliToken = {
  startUrl: ACME.startUrl,
  region: ACME.region,
  accessToken: 'access',
  expiresAt: NOON,
  renewal: RENEWAL,
};
/** What is there now: later tokens of the same client. */
const LATER: CliToken = {
  ...SEEN,
  accessToken: 'later',
  expiresAt: NOON + 50 * MINUTE_MS,
  renewal: { ...RENEWAL, refreshToken: 'later-refresh' },
};
const { renewal: _, ...NOT_RENEWABLE } = LATER;

const record = (isClientReused: boolean): CliRecord =>
  recordOf(SEEN, { connection: ACME, origin: 'shared', isClientReused }, 'refresh before');
const with_ = (overrides: Partial<CliToken>): CliToken => ({ ...LATER, ...overrides });
const withRenewal = (overrides: Partial<typeof RENEWAL>): CliToken =>
  with_({ renewal: { ...RENEWAL, refreshToken: 'later-refresh', ...overrides } });

/** A refresh is possible from 11:45 on, less two minutes for the disk's clock. */
const TOO_EARLY = NOON - 18 * MINUTE_MS;
const POSSIBLE = NOON - 16 * MINUTE_MS;

interface Case {
  readonly what: string;
  readonly token: CliToken;
  readonly writtenAt?: number;
  /** With a client that the AWS CLI uses for new sign-ins too, and with one of ours. */
  readonly reused: Descent;
  readonly ours: Descent;
}

const CASES: readonly Case[] = [
  { what: 'the token that was seen', token: SEEN, reused: 'same', ours: 'same' },
  {
    what: 'the token that was seen, put there long ago',
    token: SEEN,
    writtenAt: 0,
    reused: 'same',
    ours: 'same',
  },
  {
    what: 'another access token with the refresh token that was seen',
    token: withRenewal({ refreshToken: 'refresh' }),
    reused: 'same',
    ours: 'same',
  },
  {
    what: 'the refresh token that the one seen has replaced',
    token: withRenewal({ refreshToken: 'refresh before' }),
    reused: 'same',
    ours: 'same',
  },
  {
    what: 'a later token, when a refresh was possible',
    token: LATER,
    reused: 'unclear',
    ours: 'refreshed',
  },
  {
    what: 'a later token, long after the end',
    token: with_({ expiresAt: NOON + 20 * HOUR_MS }),
    writtenAt: NOON + 19 * HOUR_MS,
    reused: 'unclear',
    ours: 'refreshed',
  },
  {
    what: 'a later token, when nothing refreshes yet',
    token: LATER,
    writtenAt: TOO_EARLY,
    reused: 'another',
    ours: 'unclear',
  },
  {
    what: 'a later token of another client',
    token: withRenewal({ clientId: 'another' }),
    reused: 'another',
    ours: 'another',
  },
  {
    what: 'a token that ends before the one that was seen',
    token: with_({ expiresAt: NOON - MINUTE_MS }),
    reused: 'another',
    ours: 'another',
  },
  {
    what: 'a later token of another region',
    token: with_({ region: 'us-east-1' }),
    reused: 'another',
    ours: 'another',
  },
  {
    what: 'a later token of another portal',
    token: with_({ startUrl: 'https://other.awsapps.com/start' }),
    reused: 'another',
    ours: 'another',
  },
  {
    what: 'a later token that cannot be refreshed',
    token: NOT_RENEWABLE,
    reused: 'unclear',
    ours: 'unclear',
  },
  {
    what: 'a later token that cannot be refreshed, when nothing refreshes yet',
    token: NOT_RENEWABLE,
    writtenAt: TOO_EARLY,
    reused: 'another',
    ours: 'another',
  },
];

describe("whether the token in the AWS CLI's file descends from ours", () => {
  for (const { what, token, writtenAt = POSSIBLE, reused, ours } of CASES) {
    it(`${what}: ${reused} with a client that the AWS CLI signs in with, ${ours} with one of ours`, () => {
      const actual = [true, false].map((isReused) => descentOf(token, writtenAt, record(isReused)));
      assert.deepEqual(actual, [reused, ours]);
    });
  }

  it('is as the user has said, for the token they were asked about', () => {
    const confirmed = withConfirmed(record(true), LATER.accessToken);
    assert.equal(descentOf(LATER, POSSIBLE, confirmed), 'refreshed');
    assert.equal(descentOf(with_({ accessToken: 'yet later' }), POSSIBLE, confirmed), 'unclear');
  });

  it('takes what a file leaves out for that of the connection', () => {
    const { startUrl: _startUrl, region: _region, ...bare } = LATER;
    assert.equal(descentOf(bare, POSSIBLE, record(false)), 'refreshed');
  });

  it('that no tool can refresh is ours, or replaced by a sign-in', () => {
    const seen = copyRecordOf(SEEN, { connection: ACME, origin: 'shared', isClientReused: false }, undefined);
    const next = copyRecordOf(LATER, { connection: ACME, origin: 'shared', isClientReused: false }, seen);
    assert.equal(descentOf(SEEN, POSSIBLE, seen), 'same');
    assert.equal(descentOf(SEEN, POSSIBLE, next), 'same', 'the file is written after its record');
    assert.equal(descentOf(LATER, POSSIBLE, seen), 'another');
    assert.equal(descentOf(NOT_RENEWABLE, POSSIBLE, seen), 'another');
  });
});
