import * as v from 'valibot';

import { holderSchema, hostSchema } from '../common/locks/holder.ts';
import { readOnce, text, time, wholeFrom, withoutOdd } from '../common/jsonSchemas.ts';
import { fitToShow } from '../common/outsideText.ts';
import { connectionSchema } from '../connections/connectionSchema.ts';
import type { RegisteredClient } from '../flows/tokens.ts';
import type { Session, SessionTokens } from './session.ts';

const count = wholeFrom(1);

const reason = v.picklist([
  'rejected',
  'rejectedAtOnce',
  'answerLost',
  'expired',
  'tokenMissing',
  'bindingMismatch',
  'assertionMissing',
]);

const signedInOptions = {
  lastRefresh: v.exactOptional(v.object({ at: time, result: text })),
  retry: v.exactOptional(v.object({ failures: count, since: time, backgroundAt: time, personAt: time })),
  intent: v.exactOptional(v.object({ ...holderSchema.entries, tokenHash: text, at: time })),
  rejection: v.exactOptional(v.object({ at: time, reason, requestId: v.exactOptional(text) })),
  warned: v.exactOptional(v.literal(true)),
  tokensMissing: v.exactOptional(v.literal(true)),
};

const needsSignInOptions = { requestId: v.exactOptional(text) };

const signedIn = v.object({
  kind: v.literal('signedIn'),
  issuedAt: time,
  expiresAt: time,
  refreshable: v.boolean(),
  ...signedInOptions,
});

const needsSignIn = v.object({
  kind: v.literal('needsSignIn'),
  reason,
  since: time,
  ...needsSignInOptions,
});

const stateSchema = v.pipe(withoutOdd({ ...signedInOptions, ...needsSignInOptions }), v.lazy(schemaFor));

function schemaFor(state: unknown): typeof needsSignIn | typeof signedIn {
  const { kind } = state as { readonly kind?: unknown };
  return kind === signedIn.entries.kind.literal ? signedIn : needsSignIn;
}

/** An email address, the name of a connection, and a number. */
const MAX_LABEL = 400;

/** Whoever can write the index can write anything into it: VS Code shows a label as it is. */
const accountSchema = v.object({
  id: text,
  label: v.pipe(
    text,
    v.transform((label) => fitToShow(label, MAX_LABEL)),
    v.nonEmpty(),
  ),
});

/**
 * A session as the index file holds it, for one reading of the file: most sessions have the same connection, which takes
 * longer to read than the rest of them.
 */
export function createSessionSchema() {
  return v.object({
    id: text,
    account: accountSchema,
    connection: readOnce(connectionSchema),
    scopes: v.array(v.string()),
    aliases: v.exactOptional(v.array(v.string())),
    keptBy: v.exactOptional(hostSchema),
    signedInAt: time,
    generation: count,
    state: stateSchema,
  }) satisfies v.GenericSchema<unknown, Session>;
}

const registeredClientOptions = { authorizationEndpoint: v.exactOptional(text) };

/** A client registration as the vault holds it. */
export const registeredClientSchema = v.pipe(
  withoutOdd(registeredClientOptions),
  v.object({
    clientId: text,
    clientSecret: text,
    issuedAt: time,
    expiresAt: time,
    ...registeredClientOptions,
  }),
) satisfies v.GenericSchema<unknown, RegisteredClient>;

const sessionTokensOptions = {
  refreshToken: v.exactOptional(text),
  idToken: v.exactOptional(text),
  client: v.exactOptional(registeredClientSchema),
  boundTo: v.exactOptional(
    v.object({
      session: text,
      account: accountSchema,
      connection: connectionSchema,
      scopes: v.array(v.string()),
    }),
  ),
};

/** A sign-out as the vault holds it, in the place of tokens. */
export const signOutSchema = v.pipe(
  v.object({ signedOutAt: time }),
  v.transform(({ signedOutAt }) => signedOutAt),
);

/** Tokens as the vault holds them. */
export const sessionTokensSchema = v.pipe(
  withoutOdd(sessionTokensOptions),
  v.object({
    accessToken: text,
    issuedAt: time,
    expiresAt: time,
    signedInAt: time,
    generation: count,
    ...sessionTokensOptions,
  }),
) satisfies v.GenericSchema<unknown, SessionTokens>;
