import type { Provider } from 'oidc-provider';
import type { User } from './users.ts';

type DeviceCode = InstanceType<Provider['DeviceCode']>;

/** Records that the user allows the client these scopes. Returns the engine's id of the new grant. */
export async function saveGrant(
  engine: Provider,
  user: User,
  clientId: string,
  scope: string,
): Promise<string> {
  const grant = new engine.Grant({ accountId: user.id, clientId });
  grant.addOIDCScope(scope);
  return grant.save();
}

/** Answers device authorizations as the verification page would, without a browser. */
export class Approvals {
  readonly #engine: Provider;

  constructor(engine: Provider) {
    this.#engine = engine;
  }

  async approve(userCode: string, user: User): Promise<void> {
    const code = await this.#pending(userCode);
    const scope = typeof code.params?.['scope'] === 'string' ? code.params['scope'] : '';
    const grantId = await saveGrant(this.#engine, user, code.clientId ?? '', scope);
    await Object.assign(code, { accountId: user.id, grantId, scope }).save();
  }

  async deny(userCode: string): Promise<void> {
    const code = await this.#pending(userCode);
    await Object.assign(code, { error: 'access_denied', errorDescription: 'The request was denied.' }).save();
  }

  /** Makes the code's end come now. */
  async expire(userCode: string): Promise<void> {
    const code = await this.#pending(userCode);
    await Object.assign(code, { exp: code.iat }).save();
  }

  async #pending(userCode: string): Promise<DeviceCode> {
    const code = await this.#engine.DeviceCode.findByUserCode(userCode.replaceAll('-', ''));
    if (code === undefined) {
      throw new Error('No device authorization is waiting under this user code.');
    }
    return code;
  }
}
