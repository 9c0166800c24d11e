/** A client of the service, and the two calls that are measured. */
export interface Client {
  registerClient(): Promise<unknown>;
  createToken(): Promise<unknown>;
}

/** What each bundle under measurement exports under the name `connect`. */
export type Connect = (endpoint: string) => Client;

/** As long as the service's are, and of the same characters. */
export function secret(start: string): string {
  return start.padEnd(512, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
}

export const REGISTER_CLIENT = {
  clientName: 'bench',
  clientType: 'public' as const,
  scopes: ['sso:account:access'],
};

export const CREATE_TOKEN = {
  clientId: 'client-0123456789abcdef',
  clientSecret: secret('secret-'),
  grantType: 'refresh_token' as const,
  refreshToken: secret('refresh-'),
};
