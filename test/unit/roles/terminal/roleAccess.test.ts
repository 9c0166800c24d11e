import assert from 'node:assert/strict';

import { systemRandom } from '../../../../src/common/random.ts';
import { inEnglish } from '../../../../src/common/words.ts';
import type { Available } from '../../../../src/roles/credentials/credentialsSource.ts';
import type { SessionRole } from '../../../../src/roles/credentials/roleCredentials.ts';
import { unavailable } from '../../../../src/roles/credentials/unavailable.ts';
import { CredentialsEndpoint } from '../../../../src/roles/endpoint/credentialsEndpoint.ts';
import type { RoleEndpoint } from '../../../../src/roles/terminal/roleAccess.ts';
import { RoleAccess } from '../../../../src/roles/terminal/roleAccess.ts';

const ROLE: SessionRole = { sessionId: 'acme', accountId: '111122223333', roleName: 'Developer' };
const AVAILABLE: Available = {
  kind: 'available',
  credentials: { accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: 't', expiration: 2e12 },
};

function start(answer: Available | Promise<Available> = AVAILABLE) {
  const uses: string[] = [];
  let listened = 0;
  const read = async (): Promise<Available> => answer;
  const source = {
    use: ({ roleName }: SessionRole) => {
      uses.push(`use ${roleName}`);
      return { dispose: () => void uses.push(`leave ${roleName}`) };
    },
    read,
  };
  const access = new RoleAccess(source, () => {
    listened += 1;
    return CredentialsEndpoint.listen({ read, localize: inEnglish, random: systemRandom });
  });
  return { access, uses, listened: () => listened };
}

async function statusOf({ url, token }: { readonly url: string; readonly token: string }): Promise<number> {
  return (await fetch(url, { headers: { authorization: token } }).catch(() => ({ status: 0 }))).status;
}

describe('the access of terminals to a role', () => {
  const { signal } = new AbortController();

  it('is by one endpoint for all, which ends with the last of them', async () => {
    const { access, uses, listened } = start();
    const grants = await Promise.all([access.open(ROLE, signal), access.open(ROLE, signal)]);
    const [one, two] = grants;
    assert.equal(listened(), 1);
    assert.equal(new URL(one.url).port, new URL(two.url).port);
    // fetch of this Node sends Sec-Fetch headers, as a page does: refused, but by an endpoint that is there.
    assert.equal(await statusOf(one), 401);
    one.dispose();
    one.dispose();
    assert.equal(await statusOf(two), 401);
    two.dispose();
    await new Promise(setImmediate);
    assert.equal(await statusOf(two), 0);
    assert.deepEqual(uses, ['use Developer', 'use Developer', 'leave Developer', 'leave Developer']);
    const third = await access.open(ROLE, signal);
    assert.equal(listened(), 2);
    third.dispose();
  });

  it('is refused, and nothing listens, where AWS gives no credentials', async () => {
    const { access, uses, listened } = start(unavailable('forbidden'));
    await assert.rejects(access.open(ROLE, signal), /AWS no longer lets you use this role/);
    assert.equal(listened(), 0);
    assert.deepEqual(uses, ['use Developer', 'leave Developer']);
  });

  it('ends with the signal’s reason while AWS does not answer', async () => {
    const { access, uses } = start(new Promise<Available>(() => undefined));
    const controller = new AbortController();
    const opening = access.open(ROLE, controller.signal);
    controller.abort(new Error('cancelled'));
    await assert.rejects(opening, /cancelled/);
    assert.deepEqual(uses, ['use Developer', 'leave Developer']);
  });

  it('leaves nothing behind that could ask when the user cancels in the last moment', async () => {
    const granted: string[] = [];
    const listening = Promise.withResolvers<RoleEndpoint>();
    const source = { use: () => ({ dispose: () => undefined }), read: async () => AVAILABLE };
    const access = new RoleAccess(source, () => listening.promise);
    const controller = new AbortController();
    const [other, cancelled] = [access.open(ROLE, signal), access.open(ROLE, controller.signal)];
    await new Promise(setImmediate);
    controller.abort(new Error('cancelled'));
    listening.resolve({
      grant: () => {
        const id = `${granted.push('granted')}`;
        return { url: id, token: id, dispose: () => void granted.pop() };
      },
      dispose: () => undefined,
    });
    await assert.rejects(cancelled, /cancelled/);
    assert.equal((await other).url, '1');
    assert.deepEqual(granted, ['granted']);
  });
});
