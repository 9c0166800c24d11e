import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors } from 'oidc-provider';
import type { Provider } from 'oidc-provider';
import { saveGrant } from './approvals.ts';
import { ENGINE_PATHS, PREFILL } from './engine.ts';
import { readRequest } from './http.ts';
import type { Page } from './pages.ts';
import { consentPage, errorPage, PAGE_HEADERS, portalPage, renderPage } from './pages.ts';
import { registeredScope } from './scopes.ts';
import type { User } from './users.ts';

/** Answers a browser. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The path of a start URL. */
export const PORTAL_PATH = '/start';

/**
 * Everything a user's browser asks for: the access portal's page, `/device`, `/authorize` and the consent between
 * them and the engine.
 */
export function browserPages(
  engine: Provider,
  users: readonly User[],
  pageUrl: string,
  region: string,
): PageHandler {
  const answer = engine.callback();
  return async (request, response) => {
    const url = new URL(request.url ?? '/', pageUrl);
    if (url.pathname === PORTAL_PATH) {
      sendPage(response, portalPage(region));
      return;
    }
    if (url.pathname.startsWith('/interaction/')) {
      await consent(engine, users, request, response);
      return;
    }
    if (url.pathname === ENGINE_PATHS.authorization) {
      if (request.headers.host !== new URL(pageUrl).host) {
        // Cookies belong to one host: the page's.
        response.writeHead(302, { location: `${pageUrl}${request.url}` }).end();
        return;
      }
      await toStandardParameters(engine, url);
    }
    const userCode = url.searchParams.get('user_code');
    if (url.pathname === ENGINE_PATHS.code_verification && userCode !== null) {
      url.searchParams.delete('user_code');
      url.searchParams.set(PREFILL, userCode);
    }
    if (request.method === 'GET' && isStartOfFlow(url)) {
      // Every flow begins signed out, so that the user chooses who to be.
      delete request.headers.cookie;
    }
    request.url = `${url.pathname}${url.search}`;
    await answer(request, response);
  };
}

function isStartOfFlow(url: URL): boolean {
  return url.pathname === ENGINE_PATHS.authorization || url.pathname === ENGINE_PATHS.code_verification;
}

/** AWS's clients say `scopes` where RFC 6749 section 4.1.1 says `scope`, or nothing for all they registered. */
async function toStandardParameters(engine: Provider, { searchParams }: URL): Promise<void> {
  const client = await engine.Client.find(searchParams.get('client_id') ?? '');
  const scope = searchParams.get('scopes') ?? searchParams.get('scope') ?? registeredScope(client);
  searchParams.delete('scopes');
  searchParams.set('scope', scope);
}

async function consent(
  engine: Provider,
  users: readonly User[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const interaction = await findInteraction(engine, request, response);
  if (interaction === undefined) {
    sendPage(response, errorPage('This request has expired. Start the sign-in again.'), 400);
    return;
  }
  const clientId = String(interaction.params['client_id']);
  const scope = String(interaction.params['scope']);
  if (request.method !== 'POST') {
    const client = await engine.Client.find(clientId);
    sendPage(
      response,
      consentPage({ clientName: client?.clientName ?? clientId, scopes: scope.split(' '), users }),
    );
    return;
  }
  const answers = new URLSearchParams((await readRequest(request)).body);
  const user = users.find(({ id }) => id === answers.get('user'));
  const result =
    answers.get('decision') === 'approve' && user !== undefined
      ? {
          login: { accountId: user.id },
          consent: { grantId: await saveGrant(engine, user, clientId, scope) },
        }
      : { error: 'access_denied', error_description: 'The request was denied.' };
  await engine.interactionFinished(request, response, result);
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

async function findInteraction(
  engine: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Interaction | undefined> {
  try {
    return await engine.interactionDetails(request, response);
  } catch (error) {
    if (error instanceof errors.SessionNotFound) {
      return undefined;
    }
    throw error;
  }
}

function sendPage(response: ServerResponse, page: Page, status = 200): void {
  response.writeHead(status, PAGE_HEADERS).end(renderPage(page));
}
