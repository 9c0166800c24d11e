import assert from 'node:assert/strict';

import { SsoPortalClient } from '../../../../../src/portal/client.ts';
import { Emitter } from '../../../../../src/common/event.ts';
import { SessionRequests } from '../../../../../src/roles/credentials/sessionRequests.ts';
import type { WithToken } from '../../../../../src/roles/list/fetch/portalRolesSource.ts';
import { portalRolesSource } from '../../../../../src/roles/list/fetch/portalRolesSource.ts';
import type { RequestFailure } from '../../../../../src/roles/list/fetch/requestFailure.ts';
import { RolesFetch } from '../../../../../src/roles/list/fetch/rolesFetch.ts';
import { EMPTY_LISTING } from '../../../../../src/roles/list/listing.ts';
import type { Listing } from '../../../../../src/roles/list/listing.ts';
import { ListingDraft } from '../../../../../src/roles/list/listingDraft.ts';
import { manyAssignments } from '../../../../identity-center/assignments.ts';
import { SdkClient } from '../../../../identity-center/sdk.ts';
import { startIdentityCenter } from '../../../../identity-center/server.ts';
import type { IdentityCenter, IdentityCenterOptions } from '../../../../identity-center/server.ts';
import { FastClock } from '../../../../support/fastClock.ts';
import { requestRate } from '../support.ts';
import { janesSession } from '../../../support/session.ts';

describe('listing from the access portal', function () {
  this.timeout(60_000);

  const clock = new FastClock(10);
  let center: IdentityCenter;
  let client: SdkClient;
  let accessToken: string;
  afterEach(async () => {
    client.dispose();
    await center.close();
  });

  async function open(accounts: number, roles: number, options: IdentityCenterOptions = {}): Promise<void> {
    center = await startIdentityCenter({ ...options, clock });
    client = await SdkClient.register(center);
    ({ accessToken } = await client.signIn(center));
    center.assign(manyAssignments(accounts, roles));
  }

  function list(
    token: string | undefined,
  ): Promise<{ listing: Listing; stopped: RequestFailure | undefined }> {
    return listWith(async (send) => (token === undefined ? undefined : send(token)));
  }

  async function listWith(
    withToken: WithToken,
  ): Promise<{ listing: Listing; stopped: RequestFailure | undefined }> {
    const portal = new SsoPortalClient({ endpoint: new URL(center.url), repeat: 'never' });
    const source = portalRolesSource(portal, withToken);
    const draft = new ListingDraft(EMPTY_LISTING);
    const since = clock.now();
    const fetch = new RolesFetch({ source, rate: requestRate(clock), clock }, draft, since);
    const stopped = await fetch.run(new AbortController().signal);
    return { listing: draft.listing({ since }), stopped };
  }

  const statuses = (): readonly (number | undefined)[] =>
    center.requests.records.filter(({ path }) => path.startsWith('/assignment/')).map(({ status }) => status);

  it('has every account and role, page by page, with no request refused at the published rate (granted#458, awsesh#10)', async () => {
    await open(120, 3);
    const { listing, stopped } = await list(accessToken);
    assert.equal(stopped, undefined);
    assert.equal(listing.accounts.length, 120);
    assert.ok(listing.accounts.every(({ roleNames }) => roleNames.length === 3));
    assert.deepEqual(
      statuses(),
      Array.from({ length: 122 }, () => 200),
    );
  });

  it('loses nothing where the service takes half as many, and asks no more often than it has to (granted#811)', async () => {
    await open(50, 2, { portalRate: { perSecond: 5, burst: 1 } });
    const { listing, stopped } = await list(accessToken);
    assert.equal(stopped, undefined);
    assert.equal(listing.accounts.filter(({ roleNames }) => roleNames.length === 2).length, 50);
    const refused = statuses().filter((status) => status === 429).length;
    assert.ok(refused > 0 && refused <= 12, `${refused} refused`);
  });

  it('goes on with the token of a refresh where the portal rejects one before its time', async () => {
    await open(30, 1);
    let refreshes = 0;
    const session = janesSession();
    const requests = new SessionRequests({
      sessions: [session],
      onDidUpdate: new Emitter<void>().event,
      getSessions: async () => {
        const token = refreshes === 0 ? 'no longer valid' : accessToken;
        const times = { issuedAt: 1, expiresAt: 2e12, signedInAt: 1, generation: 1 + refreshes };
        return [{ session, tokens: { accessToken: token, ...times } }];
      },
      refreshNow: async () => {
        refreshes += 1;
        return { kind: 'fresh' };
      },
    });
    const { listing, stopped } = await listWith((send) =>
      requests.send(session, ({ tokens }) => send(tokens.accessToken)),
    );
    assert.equal(stopped, undefined);
    assert.equal(listing.accounts.length, 30);
    assert.deepEqual(statuses(), [401, ...Array.from({ length: 31 }, () => 200)]);
    assert.equal(refreshes, 1);
  });

  it('ends with the token, and leaves the session alone', async () => {
    await open(30, 1);
    const { stopped } = await list('not a token');
    assert.equal(stopped?.kind, 'signInNeeded');
    assert.deepEqual(statuses(), [401]);
    assert.equal((await list(undefined)).stopped?.kind, 'signInNeeded');
    assert.ok(await center.isTokenActive(accessToken));
  });
});
