import { createHash } from 'node:crypto';
import type { Clock } from '../../../src/common/clock.ts';
import type { Random } from '../../../src/common/random.ts';
import { partitionOf } from '../../../src/oidc/partitions.ts';
import type { Credentials, Principal } from '../aws/verifySignature.ts';
import type { User } from '../users.ts';

/** A role that somebody has taken, and the credentials that prove it. */
export interface RoleSession extends Principal {
  readonly accountId: string;
  readonly roleName: string;
  /** As STS names it. */
  readonly arn: string;
  /** As STS has it: the role's id and the session's name. */
  readonly userId: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiration: number;
}

interface RoleSessionsParts {
  readonly region: string;
  /** How long credentials live. */
  readonly ttlSeconds: number;
  readonly clock: Clock;
  readonly random: Random;
}

/** The roles that were taken. As at AWS, their credentials live to their end, whatever becomes of the sign-in. */
export class RoleSessions {
  readonly #parts: RoleSessionsParts;
  readonly #sessions = new Map<string, RoleSession>();

  constructor(parts: RoleSessionsParts) {
    this.#parts = parts;
  }

  /** Takes a role for `user`. */
  create(user: User, accountId: string, roleName: string): RoleSession {
    const { region, ttlSeconds, clock, random } = this.#parts;
    const id = createHash('sha256').update(`${accountId} ${roleName}`).digest('hex').slice(0, 16);
    const { name: partition } = partitionOf(region);
    const session: RoleSession = {
      credentials: newCredentials(random),
      accountId,
      roleName,
      arn: `arn:${partition}:sts::${accountId}:assumed-role/AWSReservedSSO_${roleName}_${id}/${user.email}`,
      userId: `AROA${id.toUpperCase()}:${user.email}`,
      expiration: clock.now() + ttlSeconds * 1000,
    };
    this.#sessions.set(session.credentials.accessKeyId, session);
    return session;
  }

  find(accessKeyId: string): RoleSession | undefined {
    return this.#sessions.get(accessKeyId);
  }
}

/** Temporary ones, of a role. */
export function newCredentials(random: Random): Required<Credentials> {
  const text = (length: number): string => Buffer.from(random.bytes(length)).toString('base64');
  return {
    accessKeyId: `ASIA${Buffer.from(random.bytes(8)).toString('hex').toUpperCase()}`,
    secretAccessKey: text(30),
    sessionToken: text(300),
  };
}
