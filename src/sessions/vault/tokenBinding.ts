import { hasSameServices } from '../../connections/identityCenter.ts';
import type { Session, SessionTokens, TokenBinding, Version } from '../session.ts';

/** What new tokens of the session belong to. */
export function bindingOf({
  id,
  account,
  connection,
  scopes,
}: Omit<Session, 'state' | keyof Version>): TokenBinding {
  return { session: id, account, connection, scopes };
}

/**
 * Whether the tokens belong to the session as the index has it. The index is no secret, and any program of the user
 * can write it; the record of the tokens is one. So the record says where its tokens may be sent, whose they are and
 * what they are for, and a session that says something else gets nothing.
 *
 * Records of the first version do not say. Without an endpoint URL they can only be sent to hosts of AWS, which no
 * other program can redirect: those are used, and their next refresh says it. With one, the user signs in again.
 */
export function isBoundTo({ boundTo }: SessionTokens, session: Session): boolean {
  if (boundTo === undefined) {
    const { endpointUrl, portalEndpointUrl } = session.connection;
    return endpointUrl === undefined && portalEndpointUrl === undefined;
  }
  const { account } = boundTo;
  return (
    boundTo.session === session.id &&
    account.id === session.account.id &&
    account.label === session.account.label &&
    boundTo.scopes.length === session.scopes.length &&
    boundTo.scopes.every((scope, index) => scope === session.scopes[index]) &&
    hasSameServices(boundTo.connection, session.connection)
  );
}
