import assert from 'node:assert/strict';

import type { CredentialsSource } from '../../../src/roles/credentials/credentialsSource.ts';
import { loadChanged } from '../mutants.ts';
import type { Mutation } from '../mutants.ts';
import { simulateRoles } from './roleTerminals.ts';

const SEEDS = 12;
const DAYS = 10;
const FOLDER = new URL('../../../src/roles/credentials/', import.meta.url);

interface Broken extends Mutation {
  readonly seen: RegExp;
}

/** Sources with one promise broken, and what the simulation must see of it. */
const BROKEN: Readonly<Record<string, Broken>> = {
  'requests credentials for each who asks': {
    file: 'roleInUse.ts',
    from: 'if (entry.fetching === undefined) {',
    to: 'if (entry.users > 0) {',
    seen: /requested twice at once/,
  },
  'keeps credentials when the sign-in ends': {
    file: 'roleInUse.ts',
    from: 'entry.hasEnded = true;\n  entry.held = undefined;',
    to: 'entry.hasEnded = true;',
    seen: /although the sign-in has ended|of an earlier sign-in/,
  },
  'takes what was on its way when the sign-in ended': {
    file: 'credentialsSource.ts',
    from: "abandon(entry, 'ended');",
    to: '',
    seen: /although the sign-in has ended|of an earlier sign-in/,
  },
  'knows a role by its account and name alone': {
    file: 'roleCredentials.ts',
    from: 'JSON.stringify([sessionId, accountId, roleName])',
    to: 'JSON.stringify([accountId, roleName, sessionId.length])',
    seen: /of another role|of an earlier sign-in|although the sign-in has ended/,
  },
  'hands out credentials to the end and beyond': {
    file: 'renewal.ts',
    from: 'return expiration <= now;',
    to: 'return now < 0;',
    seen: /that are over/,
  },
  'waits for the service as long as it takes': {
    file: 'credentialsSource.ts',
    from: 'await (limitMs === undefined',
    to: 'await (limitMs !== undefined',
    seen: /waited for longer/,
  },
};

describe('Role terminals', function () {
  this.timeout(120_000);

  it('give tools the credentials of their role and their sign-in, requested once, through outages, sleep and sign-outs', async () => {
    let [answers, available, requests, ends] = [0, 0, 0, 0];
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const report = await simulateRoles(seed, DAYS);
      assert.deepEqual(report.violations, [], `seed ${seed}`);
      answers += report.answers;
      available += report.available;
      requests += report.requests;
      ends += report.ends;
    }
    console.log({ answers, available, requests, ends });
    assert.ok(available > 10_000, `only ${available} answers had credentials`);
    assert.ok(answers - available > 1000, 'hardly ever was there a reason for none');
    assert.ok(ends > 50, `only ${ends} roles ended`);
    assert.ok(requests < available / 2, `${requests} requests for ${available} answers`);
  });

  for (const [name, { seen, ...mutation }] of Object.entries(BROKEN)) {
    it(`would not, were there a source that ${name}`, async () => {
      const changed = await loadChanged<{ readonly CredentialsSource: typeof CredentialsSource }>(
        name.replaceAll(/\W/g, '-'),
        [mutation],
        FOLDER,
        ['credentialsSource.ts'],
      );
      const found: string[] = [];
      for (let seed = 1; seed <= SEEDS && found.length === 0; seed += 1) {
        found.push(...(await simulateRoles(seed, DAYS, changed.CredentialsSource)).violations);
      }
      assert.match(found.join('; '), seen);
    });
  }
});
