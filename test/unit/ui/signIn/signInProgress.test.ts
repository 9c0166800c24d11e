import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type * as SignInModule from '../../../../src/ui/signIn/signInNotification.ts';
import type { Interaction } from '../../../../src/flows/flow.ts';
import { VirtualClock } from '../../../support/virtualClock.ts';
import { SeededRandom } from '../../support/sessions.ts';
import { loadWithVscode, openProgresses } from '../../support/vscode.ts';

const { signal } = new AbortController();

describe('the notification of a sign-in', () => {
  let clock: VirtualClock;
  let shown: SignInModule.SignInNotifications;
  let interaction: Interaction;
  let finish: () => void;
  let signIn: Promise<void>;

  beforeEach(async () => {
    const module = new URL('../../../../src/ui/signIn/signInNotification.ts', import.meta.url);
    const { SignInNotifications } = await loadWithVscode<typeof SignInModule>(module);
    clock = new VirtualClock();
    shown = new SignInNotifications(clock, new SeededRandom(1));
    const { promise, resolve } = Promise.withResolvers<void>();
    finish = resolve;
    signIn = shown.show('acme', signal, (given) => {
      interaction = given;
      return promise;
    });
  });
  afterEach(async () => {
    finish();
    await signIn;
    await nextTurn();
    assert.deepEqual(openProgresses(), []);
    shown.dispose();
  });

  const showCode = (): void =>
    interaction.showUserCode({
      userCode: 'ABCD-EFGH',
      verificationUri: 'https://device.example/',
      expiresAt: clock.now() + 600_000,
    });

  it('waits half a second before it says only that the service is asked', async () => {
    assert.deepEqual(openProgresses(), []);
    await clock.advance(500);
    assert.deepEqual(openProgresses(), ['Contacting acme…']);
  });

  it('shows the code at once', async () => {
    showCode();
    await nextTurn();
    assert.match(openProgresses().join(), /^ABCD-EFGH is your code for acme\./);
  });

  it('makes room for a question, and is there again once that is answered', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const asked = shown.whileAsking(() => promise);
    await clock.advance(60_000);
    assert.deepEqual(openProgresses(), []);
    resolve('yes');
    assert.equal(await asked, 'yes');
    await nextTurn();
    assert.deepEqual(openProgresses(), ['Contacting acme…']);
  });

  it('goes away for a question that comes while it is shown', async () => {
    showCode();
    await nextTurn();
    const { promise, reject } = Promise.withResolvers<string>();
    const asked = shown.whileAsking(() => promise);
    await nextTurn();
    assert.deepEqual(openProgresses(), []);
    reject(new Error('no answer'));
    await assert.rejects(asked, /no answer/);
    await nextTurn();
    assert.equal(openProgresses().length, 1);
  });

  it('comes back only after the last of several questions', async () => {
    await clock.advance(500);
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    const asked = [shown.whileAsking(() => first.promise), shown.whileAsking(() => second.promise)];
    first.resolve();
    await asked[0];
    await nextTurn();
    assert.deepEqual(openProgresses(), []);
    second.resolve();
    await asked[1];
    await nextTurn();
    assert.equal(openProgresses().length, 1);
  });
});
