import { CREATE_TOKEN, REGISTER_CLIENT } from './connect.ts';
import type { Connect } from './connect.ts';

/** What no client on top of `fetch` can do without: the request and its answer as JSON, and nothing else. */
export const connect: Connect = (endpoint) => {
  const post = async (path: string, body: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(endpoint + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return response.json();
  };
  return {
    registerClient: () => post('/client/register', REGISTER_CLIENT),
    createToken: () => post('/token', CREATE_TOKEN),
  };
};
