import { SsoOidcClient } from '../../../src/oidc/client.ts';
import { CREATE_TOKEN, REGISTER_CLIENT } from './connect.ts';
import type { Connect } from './connect.ts';

export const connect: Connect = (endpoint) => {
  const client = new SsoOidcClient({ endpoint: new URL(endpoint) });
  return {
    registerClient: () => client.registerClient(REGISTER_CLIENT),
    createToken: () => client.createToken(CREATE_TOKEN),
  };
};
