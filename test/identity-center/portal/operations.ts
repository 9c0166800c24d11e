import { PortalError } from '../errors.ts';
import type { Assignments } from '../assignments.ts';
import type { ApiRequest, ApiResponse, Operation } from '../http.ts';
import { json } from '../http.ts';
import { pageOf } from '../page.ts';
import type { Page } from '../page.ts';
import { ACCOUNT_ACCESS } from '../scopes.ts';
import type { Sessions } from '../sessions.ts';
import type { Assignment, User } from '../users.ts';
import type { RequestRate } from './requestRate.ts';
import type { RoleSessions } from './roleSessions.ts';

const LARGEST_PAGE = 100;

/** What the portal's operations stand on. */
export interface PortalParts {
  readonly sessions: Sessions;
  readonly users: readonly User[];
  readonly assignments: Assignments;
  readonly roleSessions: RoleSessions;
  readonly rate: RequestRate;
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
  const user = await signedInUser(parts, request);
  const { items, nextToken } = page(parts.assignments.of(user), 'accounts', request.query);
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
  const user = await signedInUser(parts, request);
  const accountId = required(request.query, 'account_id');
  const roleNames = assignmentTo(parts, user, accountId)?.roleNames;
  if (roleNames === undefined) {
    throw new PortalError('ResourceNotFoundException', `The account ${accountId} is not assigned.`);
  }
  const { items, nextToken } = page(roleNames, `roles of ${accountId}`, request.query);
  return json(200, { roleList: items.map((roleName) => ({ accountId, roleName })), nextToken });
}

/** What is not assigned is "No access" just like what is listed and not to be used: the service tells nobody which. */
async function getRoleCredentials(parts: PortalParts, request: ApiRequest): Promise<ApiResponse> {
  const user = await signedInUser(parts, request);
  const accountId = required(request.query, 'account_id');
  const roleName = required(request.query, 'role_name');
  const { roleNames = [], forbiddenRoleNames = [] } = assignmentTo(parts, user, accountId) ?? {};
  if (!roleNames.includes(roleName) || forbiddenRoleNames.includes(roleName)) {
    throw new PortalError('ForbiddenException', 'No access');
  }
  const { credentials, expiration } = parts.roleSessions.create(user, accountId, roleName);
  return json(200, { roleCredentials: { ...credentials, expiration } });
}

async function signedInUser({ sessions, users, rate }: PortalParts, request: ApiRequest): Promise<User> {
  const token = await sessions.find(bearerToken(request));
  const user = users.find(({ id }) => id === token?.accountId);
  if (user === undefined || token?.scopes.has(ACCOUNT_ACCESS) !== true) {
    throw unauthorized();
  }
  if (!rate.take(user.id)) {
    throw new PortalError('TooManyRequestsException', 'HTTP 429 Unknown Code');
  }
  return user;
}

function assignmentTo({ assignments }: PortalParts, user: User, accountId: string): Assignment | undefined {
  return assignments.of(user).find((candidate) => candidate.accountId === accountId);
}

function page<T>(all: readonly T[], list: string, query: URLSearchParams): Page<T> {
  const size = Number(query.get('max_result') ?? LARGEST_PAGE);
  const asked = pageOf(all, { list, size, largest: LARGEST_PAGE, token: query.get('next_token') });
  if (asked === undefined) {
    throw new PortalError(
      'InvalidRequestException',
      `max_result must be 1 to ${LARGEST_PAGE}, and next_token one of ours.`,
    );
  }
  return asked;
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
