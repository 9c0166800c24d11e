import { CreateTokenCommand, RegisterClientCommand, SSOOIDCClient } from '@aws-sdk/client-sso-oidc';
import { CREATE_TOKEN, REGISTER_CLIENT } from './connect.ts';
import type { Connect } from './connect.ts';

export const connect: Connect = (endpoint) => {
  const client = new SSOOIDCClient({ region: 'us-east-1', endpoint });
  return {
    registerClient: () => client.send(new RegisterClientCommand(REGISTER_CLIENT)),
    createToken: () => client.send(new CreateTokenCommand(CREATE_TOKEN)),
  };
};
