import type { Clock } from '../../src/common/clock.ts';
import type { Random } from '../../src/common/random.ts';
import { PortalError } from './errors.ts';
import type { ApiRequest, ApiResponse, Operation } from './http.ts';
import { json } from './http.ts';
import { ACCOUNT_ACCESS } from './scopes.ts';
import type { Sessions } from './sessions.ts';
import type { Assignment, User } from './users.ts';

const LARGEST_PAGE = 100;
const ROLE_CREDENTIALS_TTL_MS = 3_600_000;

/** What the portal's operations stand on. */
export interface PortalParts {
  readonly sessions: Sessions;
  readonly users: readonly User[];
  readonly random: Random;
  readonly clock: Clock;
}

/** The portal's operations by method and path (service model sso-2019-06-10). */
export function portalOperations(parts: PortalParts): Readonly<Record<string, Operation>> {
  return {
    'POST /logout': (request) => logout(parts, request),
    'GET /assignment/accounts': (request) => listAccounts(parts, request),
    'GET /assignment/roles': (request) => listAccountRoles(parts, request),
    'GET /federation/credentials': (request) => getRoleCredentials(parts, request),
  };
}

async function logout({ sessions }: PortalParts, request: ApiRequest): Promise<ApiResponse> {
  const token = bearerToken(request);
  if (token === undefined || (await sessions.find(token)) === undefined) {
    throw unauthorized();
  }
  await sessions.revoke(token);
  return { status: 200, headers: {}, body: '' };
}

async function listAccounts(parts: PortalParts, request: ApiRequest): Promise<ApiResponse> {
  const { assignments } = await signedInUser(parts, request);
  const { items, nextToken } = page(assignments, request.query);
  return json(200, {
    accountList: items.map(({ accountId, accountName, emailAddress }) => ({
      accountId,
      accountName,
      emailAddress,
    })),
    nextToken,
  });
}

async function listAccountRoles(parts: PortalParts, request: ApiRequest): Promise<ApiResponse> {
  const { accountId, roleNames } = assignment(await signedInUser(parts, request), request.query);
  const { items, nextToken } = page(roleNames, request.query);
  return json(200, { roleList: items.map((roleName) => ({ accountId, roleName })), nextToken });
}

async function getRoleCredentials(parts: PortalParts, request: ApiRequest): Promise<ApiResponse> {
  const { roleNames } = assignment(await signedInUser(parts, request), request.query);
  const roleName = required(request.query, 'role_name');
  if (!roleNames.includes(roleName)) {
    throw new PortalError('ResourceNotFoundException', `The role ${roleName} is not assigned.`);
  }
  const secret = (bytes: number): string => Buffer.from(parts.random.bytes(bytes)).toString('base64url');
  return json(200, {
    roleCredentials: {
      accessKeyId: `ASIA${Buffer.from(parts.random.bytes(8)).toString('hex').toUpperCase()}`,
      secretAccessKey: secret(30),
      sessionToken: secret(120),
      expiration: parts.clock.now() + ROLE_CREDENTIALS_TTL_MS,
    },
  });
}

async function signedInUser({ sessions, users }: PortalParts, request: ApiRequest): Promise<User> {
  const token = await sessions.find(bearerToken(request));
  const user = users.find(({ id }) => id === token?.accountId);
  if (user === undefined || token?.scopes.has(ACCOUNT_ACCESS) !== true) {
    throw unauthorized();
  }
  return user;
}

function assignment(user: User, query: URLSearchParams): Assignment {
  const accountId = required(query, 'account_id');
  const found = user.assignments.find((candidate) => candidate.accountId === accountId);
  if (found === undefined) {
    throw new PortalError('ResourceNotFoundException', `The account ${accountId} is not assigned.`);
  }
  return found;
}

function page<T>(
  all: readonly T[],
  query: URLSearchParams,
): { readonly items: readonly T[]; readonly nextToken: string | undefined } {
  const size = Number(query.get('max_result') ?? LARGEST_PAGE);
  const start = Number(query.get('next_token') ?? 0);
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_PAGE) {
    throw new PortalError('InvalidRequestException', `max_result must be 1 to ${LARGEST_PAGE}.`);
  }
  if (!Number.isInteger(start) || start < 0 || start >= Math.max(all.length, 1)) {
    throw new PortalError('InvalidRequestException', 'next_token is not one of ours.');
  }
  const end = start + size;
  return { items: all.slice(start, end), nextToken: end < all.length ? String(end) : undefined };
}

function required(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null || value === '') {
    throw new PortalError('InvalidRequestException', `${name} is missing.`);
  }
  return value;
}

function bearerToken(request: ApiRequest): string | undefined {
  const header = request.headers['x-amz-sso_bearer_token'];
  return typeof header === 'string' ? header : undefined;
}

function unauthorized(): PortalError {
  return new PortalError('UnauthorizedException', 'Session token not found or invalid');
}
