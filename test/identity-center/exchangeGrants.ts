import { errors } from 'oidc-provider';
import type { Provider, TokenEndpointGrantContext } from 'oidc-provider';
import { saveGrant } from './approvals.ts';
import type { AssertionVerifier } from './assertions.ts';
import { GRANT_TYPES } from './grants.ts';
import type { Sessions } from './sessions.ts';
import type { User } from './users.ts';

type Context = TokenEndpointGrantContext<{ readonly assertion?: string; readonly subject_token?: string }>;

/** Teaches the engine to exchange another issuer's assertion (RFC 7523) or one of its own tokens (RFC 8693). */
export function registerExchangeGrants(
  engine: Provider,
  users: readonly User[],
  sessions: Sessions,
  assertions: AssertionVerifier,
): void {
  engine.registerGrantType(
    GRANT_TYPES.jwtBearer,
    async (ctx: Context) => {
      const email = await assertions.verify(ctx.oidc.params.assertion ?? '').catch((error: Error) => {
        throw new errors.InvalidGrant(error.message);
      });
      await grantTokens(
        engine,
        ctx,
        users.find((user) => user.email === email),
      );
    },
    ['assertion', 'scope'],
  );
  engine.registerGrantType(
    GRANT_TYPES.tokenExchange,
    async (ctx: Context) => {
      const subject = await sessions.find(ctx.oidc.params.subject_token);
      await grantTokens(
        engine,
        ctx,
        users.find((user) => user.id === subject?.accountId),
      );
    },
    ['subject_token', 'subject_token_type', 'requested_token_type', 'scope'],
  );
}

/** Answers with tokens for `user`: what the engine's own grants do, for those it does not know. */
async function grantTokens(engine: Provider, ctx: Context, user: User | undefined): Promise<void> {
  if (user === undefined) {
    throw new errors.InvalidGrant('the token stands for nobody in the directory');
  }
  const { client, params } = ctx.oidc;
  const { scope = '', grant_type: gty } = params;
  const grantId = await saveGrant(engine, user, client.clientId, scope);
  const properties = { client, accountId: user.id, grantId, gty, scope };
  const accessToken = new engine.AccessToken(properties);
  const claims = { sub: user.id, email: user.email, email_verified: true, name: user.name };
  const idToken = Object.assign(new engine.IdToken(claims, { ctx }), { scope });
  ctx.body = {
    access_token: await accessToken.save(),
    token_type: 'Bearer',
    expires_in: accessToken.expiration,
    id_token: await idToken.issue({ use: 'idtoken' }),
    scope,
    ...(client.grantTypeAllowed(GRANT_TYPES.refreshToken) && {
      refresh_token: await new engine.RefreshToken(properties).save(),
    }),
  };
}
