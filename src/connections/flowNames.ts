/** The ways to sign in with a browser, as settings name them. The first needs nothing of this machine. */
export const INTERACTIVE_FLOWS = ['deviceCode', 'authorizationCode'] as const;

/** The ways to exchange another provider's token, as settings name them. */
export const EXCHANGE_FLOWS = ['jwtBearer', 'tokenExchange'] as const;

export type InteractiveFlow = (typeof INTERACTIVE_FLOWS)[number];
export type ExchangeFlow = (typeof EXCHANGE_FLOWS)[number];
