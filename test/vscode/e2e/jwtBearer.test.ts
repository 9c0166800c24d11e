import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTokenIssuer, type TokenIssuer } from '../../identity-center/tokenIssuer.ts';
import { eventually } from '../../support/eventually.ts';
import { lastSession } from './consumer.ts';
import { oneJourney } from './journey.ts';
import { awaitAccounts, openScene, type Scene } from './scene.ts';

const LABEL = 'exchange';

/** The account of another provider: the consumer's Test Directory, whose ID token the Identity Center trusts. */
describe('A connection that takes the account of another provider', () => {
  oneJourney();

  let issuer: TokenIssuer;
  let scene: Scene;

  before(async () => {
    issuer = await startTokenIssuer();
    const idToken = await issuer.issue({ sub: 'jane', email: 'jane@example.com' });
    scene = await openScene('jwt-bearer', { trustedIssuers: [issuer] }, ({ region, endpointUrl }) => ({
      'awsConsumer.idToken': idToken,
      'awsSso.connections': [
        {
          name: LABEL,
          flow: 'jwtBearer',
          applicationArn:
            'arn:aws:sso::123456789012:application/ssoins-1234567890abcdef/apl-1234567890abcdef',
          region,
          endpointUrl,
          assertionFrom: { providerId: 'test-directory', scopes: ['openid'] },
        },
      ],
    }));
    const { accessKeyId, secretAccessKey, sessionToken } = scene.identityCenter.iam.credentials;
    mkdirSync(join(scene.home, '.aws'));
    const credentials = [
      '[default]',
      `aws_access_key_id = ${accessKeyId}`,
      `aws_secret_access_key = ${secretAccessKey}`,
      `aws_session_token = ${sessionToken}`,
    ];
    writeFileSync(join(scene.home, '.aws', 'credentials'), credentials.join('\n'));
  });
  after(async () => {
    await scene?.close();
    await issuer?.close();
  });

  it('signs in without a browser, after the user allows the use of that account', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Sign In');
    await editor.dialog.waitFor();
    assert.equal(await editor.toast(/./).count(), 0, 'a progress waits behind the question');
    await editor.screenshot('asks-for-account');
    assert.match(await editor.dialog.innerText(), /AWS SSO Authentication.*Test Directory/s);
    assert.match(await editor.dialog.innerText(), /AWS SSO uses this account's token to sign in to AWS/);
    await editor.dialog.getByRole('button', { name: 'Allow' }).click();
    await awaitAccounts(scene, LABEL);
    await editor.screenshot('signed-in');
    await editor.awaitNoToast();
  });

  it('gives other extensions a token that works', async () => {
    const { editor, identityCenter } = scene;
    await editor.run('AWS Consumer: Sign In');
    await editor.dialog.getByRole('button', { name: 'Allow' }).click();
    await editor.pickEntry(LABEL).click();
    const session = await eventually('the consumer has a session', () => lastSession(scene));
    assert.ok(await identityCenter.isTokenActive(session.accessToken));
  });

  it('is signed out like any other, here and at the Identity Center', async () => {
    const { editor, identityCenter } = scene;
    const session = lastSession(scene);
    assert.ok(session);
    await editor.run('AWS SSO: Sign Out');
    await awaitAccounts(scene);
    await eventually('the token is over at the Identity Center', async () =>
      (await identityCenter.isTokenActive(session.accessToken)) ? undefined : true,
    );
  });
});
