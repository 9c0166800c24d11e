import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerApi } from './api.ts';
import type { ApiParts } from './api.ts';
import { PORTAL_PATH } from './browserPages.ts';
import type { PageHandler } from './browserPages.ts';
import { ENGINE_PATHS } from './engine.ts';

/** Where the user's browser and the engine's own endpoints are; everything else is the JSON API. */
const PAGE_PREFIXES: readonly string[] = [
  ENGINE_PATHS.authorization,
  ENGINE_PATHS.code_verification,
  PORTAL_PATH,
  '/interaction',
  '/oauth2',
  '/.well-known',
];

/** Hands each request to the pages or to the JSON API. */
export function route(
  api: ApiParts,
  pages: PageHandler,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const answer = isForPages(request) ? pages(request, response) : answerApi(api, request, response);
    answer.catch((error: unknown) => {
      if (!api.closing.aborted && !request.destroyed) {
        console.error('The embedded Identity Center could not answer a request:', error);
      }
      response.destroy();
    });
  };
}

function isForPages({ url }: IncomingMessage): boolean {
  const [path = ''] = (url ?? '').split('?');
  return PAGE_PREFIXES.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}
