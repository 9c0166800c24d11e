import assert from 'node:assert/strict';

import { startIdentityCenter } from '../identity-center/server.ts';
import type { IdentityCenter } from '../identity-center/server.ts';
import { Fleet } from './fleet.ts';

const WINDOWS = 8;
const TOKEN_SECONDS = 3;
/** The long run: `WINDOWS_SECONDS=60 npx mocha test/processes/*.test.ts`. */
const SECONDS = Number(process.env['WINDOWS_SECONDS'] ?? 15);
/** A token is refreshed from three quarters of its life on. */
const MAX_REFRESHES = SECONDS / (TOKEN_SECONDS * 0.75) + 1;
const FEWEST_REFRESHES = SECONDS / TOKEN_SECONDS - 1;

describe(`${WINDOWS} real windows that share one sign-in, with tokens that live ${TOKEN_SECONDS} s`, function () {
  this.timeout((SECONDS + 60) * 1000);

  let center: IdentityCenter;
  let fleet: Fleet;

  beforeEach(async () => {
    center = await startIdentityCenter({ accessTokenTtlSeconds: TOKEN_SECONDS });
    fleet = await Fleet.open(center, WINDOWS);
    const added = center.requests.next(({ grantType }) => grantType === 'refresh_token');
    await fleet.signIn();
    await added;
  });

  afterEach(async () => {
    await fleet.close();
    await center.close();
  });

  it('refresh once per token, sign out no session, and return valid tokens (botocore#3213, aws-cli#9632)', async () => {
    await fleet.work(SECONDS, 0);
    const { refreshes, rejections, ended, removed, goodTokens, badTokens } = fleet.figures;
    console.log(fleet.figures);
    assert.ok(
      refreshes >= FEWEST_REFRESHES && refreshes <= MAX_REFRESHES,
      `${refreshes} refreshes in ${SECONDS} s`,
    );
    assert.deepEqual({ rejections, ended, removed }, { rejections: 0, ended: [], removed: 0 });
    const { over = 0, ...worse } = Object.fromEntries(badTokens);
    assert.deepEqual(worse, {}, 'none may be missing, or refused before its time');
    // A token of three seconds may end on its way to the check where the machine is busy.
    assert.ok(over <= (goodTokens + over) / 20, `${over} of ${goodTokens + over} tokens were over`);
  });

  it('survive the random death of whoever is at work', async () => {
    await fleet.work(SECONDS, 2000);
    const { refreshes, rejections, ended, killed, killedInTheAct } = fleet.figures;
    console.log(fleet.figures);
    assert.ok(killed > 0, 'nobody was killed');
    assert.ok(refreshes > 0, 'nobody was left to refresh');
    // A kill between the server's answer and the write is the one thing that nobody can make good.
    assert.ok(
      ended.every((reason) => reason === 'answerLost'),
      `ended: ${ended.join(', ')}`,
    );
    assert.ok(ended.length <= killedInTheAct, `${ended.length} ends by ${killedInTheAct} kills in the act`);
    assert.ok(rejections <= killedInTheAct, `${rejections} rejections by ${killedInTheAct} kills in the act`);
  });
});
