import { createServer } from 'node:http';
import { systemClock } from '../../src/common/clock.ts';
import type { Clock } from '../../src/common/clock.ts';
import type { Disposable } from '../../src/common/disposable.ts';
import { systemRandom } from '../../src/common/random.ts';
import { listen } from '../support/listen.ts';
import { MemoryStore } from './adapter.ts';
import { Approvals } from './approvals.ts';
import { Assignments } from './assignments.ts';
import { awsOperations, otherAwsOperation } from './aws/operations.ts';
import { SignedCalls } from './aws/signedCalls.ts';
import type { SignedCall } from './aws/signedCalls.ts';
import type { Credentials } from './aws/verifySignature.ts';
import { AssertionVerifier } from './assertions.ts';
import type { TrustedIssuer } from './assertions.ts';
import { browserPages } from './browserPages.ts';
import { createEngine } from './engine.ts';
import { EngineClient } from './engineClient.ts';
import { registerExchangeGrants } from './exchangeGrants.ts';
import type { Fault, RequestPredicate } from './faults.ts';
import { Faults } from './faults.ts';
import { IAM_GRANT_TYPES } from './grants.ts';
import type { Application } from './iamApi.ts';
import { oidcOperations } from './oidcApi.ts';
import { PollingGate } from './polling.ts';
import { portalOperations } from './portal/operations.ts';
import { RequestRate } from './portal/requestRate.ts';
import type { Rate } from './portal/requestRate.ts';
import { newCredentials, RoleSessions } from './portal/roleSessions.ts';
import { IssuedSecrets } from './issuedSecrets.ts';
import { RequestLog } from './requestLog.ts';
import { route } from './router.ts';
import { SCOPES } from './scopes.ts';
import { Sessions } from './sessions.ts';
import type { Assignment, User } from './users.ts';
import { defaultUsers } from './users.ts';

/** How the embedded Identity Center differs from the service's usual behaviour. Times in seconds. */
export interface IdentityCenterOptions {
  /** Default: any free port. */
  readonly port?: number;
  /** The start URLs it knows; the first one is the connection's. */
  readonly startUrls?: readonly [string, ...string[]];
  /** Who can sign in; the first one is who `approve` means unless told otherwise. */
  readonly users?: readonly [User, ...User[]];
  /** Default: 1 h, and 8 h for registrations without scopes. */
  readonly accessTokenTtlSeconds?: number;
  /** Default: 10 min. */
  readonly deviceCodeTtlSeconds?: number;
  /** The polling interval. Default: 1 s, as the service has it. */
  readonly intervalSeconds?: number;
  /** How long a sign-in can be refreshed. Default: 8 h. */
  readonly sessionTtlSeconds?: number;
  /** Default: 90 days. */
  readonly clientTtlSeconds?: number;
  /** How often the portal lets each user ask. Default: 20 requests a second, as AWS publishes. */
  readonly portalRate?: Rate;
  /** How long the credentials of roles live. Default: 1 h. */
  readonly roleCredentialsTtlSeconds?: number;
  /** The time of the portal's rate, of roles' credentials and of what they sign. Default: the system's. */
  readonly clock?: Clock;
  /** Where it is. Default: us-east-1. */
  readonly region?: string;
  /** Whose JSON Web Tokens its application exchanges. Default: nobody's. */
  readonly trustedIssuers?: readonly TrustedIssuer[];
  /** What its application allows. Default: everything. */
  readonly applicationGrantTypes?: readonly string[];
}

/** What it takes to call CreateTokenWithIAM. */
export interface IamAccess {
  readonly applicationArn: string;
  readonly region: string;
  /** Whose signature is accepted. */
  readonly credentials: Credentials;
}

/** An entry for the setting `awsSso.connections`. */
export interface ConnectionSetting {
  readonly name: string;
  readonly startUrl: string;
  readonly region: string;
  readonly endpointUrl: string;
}

/** A running Identity Center on 127.0.0.1. */
export interface IdentityCenter {
  /**
   * Origin of the services: sso-oidc and portal, a connection's `endpointUrl`; and STS (GetCallerIdentity) and S3
   * (ListBuckets, and empty buckets), which take the credentials that the portal gives. An AWS tool takes it as `AWS_ENDPOINT_URL`.
   */
  readonly url: string;
  /** Origin of the pages, by a name that browsers resolve and editors leave alone. */
  readonly pageUrl: string;
  readonly startUrl: string;
  readonly connection: ConnectionSetting;
  readonly iam: IamAccess;
  /** Every request to the JSON API so far, and the way to await the next. */
  readonly requests: RequestLog;
  /** Every secret in an answer so far, those of a role's credentials included. */
  readonly issuedSecrets: ReadonlySet<string>;
  /** Every request to STS, S3 and AWS's other services so far, with whose credentials signed it. Oldest first. */
  readonly signedCalls: readonly SignedCall[];
  /** Answers a device authorization as its page would. `userId` defaults to the first user's. */
  approve(userCode: string, userId?: string): Promise<void>;
  deny(userCode: string): Promise<void>;
  expire(userCode: string): Promise<void>;
  /** Replaces the accounts and roles of a user, the first unless told otherwise. */
  assign(assignments: readonly Assignment[], userId?: string): void;
  /** Ends the session that `token`, an access or a refresh token, belongs to. */
  revokeSession(token: string): Promise<void>;
  revokeAll(): void;
  /** Forgets every registration: their next use is an InvalidClientException. */
  invalidateClients(): void;
  /** Whether the portal accepts this access token now. */
  isTokenActive(accessToken: string): Promise<boolean>;
  /** Lets the next `times` (1) matching API requests go wrong; disposing takes back what has not happened yet. */
  failNext(applies: RequestPredicate, fault: Fault, times?: number): Disposable;
  /** Breaks every connection and frees the port. */
  close(): Promise<void>;
}

const DAY_SECONDS = 86_400;

const APPLICATION_ARN = 'arn:aws:sso::123456789012:application/ssoins-1234567890abcdef/apl-1234567890abcdef';

/** Starts an Identity Center: AWS's JSON wire and pages in front of a certified OpenID provider. */
export async function startIdentityCenter(options: IdentityCenterOptions = {}): Promise<IdentityCenter> {
  const server = createServer();
  const listening = await listen(server, { port: options.port ?? 0 });
  const { port } = listening;
  const url = listening.url.origin;
  const pageUrl = `http://identity-center.localhost:${port}`;
  const users = options.users ?? defaultUsers;
  const assignments = new Assignments(users);
  const startUrls = options.startUrls ?? ['https://d-1234567890.awsapps.com/start'];
  const intervalSeconds = options.intervalSeconds ?? 1;
  const region = options.region ?? 'us-east-1';
  const clock = options.clock ?? systemClock;
  const roleSessions = new RoleSessions({
    region,
    ttlSeconds: options.roleCredentialsTtlSeconds ?? 3600,
    clock,
    random: systemRandom,
  });
  const signedCalls = new SignedCalls(roleSessions, clock);
  const credentials = newCredentials(systemRandom);
  const application: Application = {
    arn: APPLICATION_ARN,
    secret: systemRandom.uuid(),
    grantTypes: options.applicationGrantTypes ?? IAM_GRANT_TYPES,
    scopes: SCOPES,
  };

  const store = new MemoryStore(systemClock);
  const engine = createEngine(
    pageUrl,
    store,
    users,
    {
      accessTokenTtlSeconds: options.accessTokenTtlSeconds ?? 3600,
      legacyAccessTokenTtlSeconds: options.accessTokenTtlSeconds ?? 8 * 3600,
      deviceCodeTtlSeconds: options.deviceCodeTtlSeconds ?? 600,
      sessionTtlSeconds: options.sessionTtlSeconds ?? 8 * 3600,
    },
    systemRandom,
    application,
  );
  const sessions = new Sessions(engine, store);
  registerExchangeGrants(engine, users, sessions, new AssertionVerifier(options.trustedIssuers ?? []));
  const engineClient = new EngineClient(url);
  const approvals = new Approvals(engine);
  const faults = new Faults();
  const requests = new RequestLog();
  const issued = new IssuedSecrets();
  const closing = new AbortController();
  const operations = {
    ...oidcOperations({
      engine,
      store,
      gate: new PollingGate(intervalSeconds, systemClock),
      random: systemRandom,
      engineClient,
      apiUrl: url,
      pageUrl,
      startUrls: new Set(startUrls),
      intervalSeconds,
      clientTtlSeconds: options.clientTtlSeconds ?? 90 * DAY_SECONDS,
      iam: {
        application,
        credentials,
        region,
        apiUrl: url,
        engineClient,
        clock: systemClock,
        random: systemRandom,
      },
    }),
    ...portalOperations({
      sessions,
      users,
      assignments,
      roleSessions,
      rate: new RequestRate(options.portalRate ?? { perSecond: 20, burst: 20 }, clock),
    }),
    ...awsOperations(signedCalls),
  };
  server.on(
    'request',
    route(
      {
        operations,
        otherwise: otherAwsOperation(signedCalls),
        faults,
        requests,
        issued,
        clock: systemClock,
        random: systemRandom,
        closing: closing.signal,
      },
      browserPages(engine, users, pageUrl, region),
    ),
  );

  return {
    url,
    pageUrl,
    startUrl: startUrls[0],
    connection: { name: 'embedded', startUrl: startUrls[0], region, endpointUrl: url },
    iam: { applicationArn: APPLICATION_ARN, region, credentials },
    requests,
    issuedSecrets: issued.all,
    signedCalls: signedCalls.calls,
    approve: (userCode, userId) => approvals.approve(userCode, pickUser(users, userId)),
    deny: (userCode) => approvals.deny(userCode),
    expire: (userCode) => approvals.expire(userCode),
    assign: (changed, userId) => assignments.set(pickUser(users, userId), changed),
    revokeSession: (token) => sessions.revoke(token),
    revokeAll: () => sessions.revokeAll(),
    invalidateClients: () => store.entries('Client').clear(),
    isTokenActive: async (accessToken) => (await sessions.find(accessToken)) !== undefined,
    failNext: (applies, fault, times = 1) => faults.plan(applies, fault, times),
    close: () => {
      closing.abort(new Error('The embedded Identity Center is closing.'));
      return listening.close();
    },
  };
}

function pickUser(users: readonly User[], id: string | undefined): User {
  const user = id === undefined ? users[0] : users.find((user) => user.id === id);
  if (user === undefined) {
    throw new Error(`There is no user ${id}.`);
  }
  return user;
}
