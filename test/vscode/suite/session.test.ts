import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../../support/eventually.ts';
import { answerSignIns } from './answers.ts';
import {
  DEFAULT_SCOPES,
  getAccounts,
  getSession,
  signIn,
  signInToAnotherAccount,
  signOutAll,
} from './consumer.ts';
import { readSuiteOptions } from './options.ts';

const OTHER_SCOPES = ['sso:account:access', 'codewhisperer:completions'];
const { connection } = readSuiteOptions(process.env);

/** Whether the portal takes the token. */
async function isAccepted(accessToken: string): Promise<boolean> {
  const response = await fetch(`${connection.endpointUrl}/assignment/accounts`, {
    headers: { 'x-amz-sso_bearer_token': accessToken },
  });
  return response.ok;
}

describe('The provider aws-sso', () => {
  afterEach(async () => {
    await answerSignIns({ decision: 'approve' });
    await signOutAll();
  });

  it('is there as soon as VS Code has started, and has no account', async () => {
    assert.deepEqual(await getAccounts(), []);
    assert.equal(await getSession(), null);
  });

  it('gives a consumer a session with the known keys only, and a token that works', async () => {
    const { keys, session } = await signIn();
    assert.deepEqual(keys, ['accessToken', 'account', 'id', 'idToken', 'scopes']);
    assert.deepEqual(session.scopes, DEFAULT_SCOPES);
    assert.equal(session.account.label, connection.name);
    assert.ok(await isAccepted(session.accessToken));
  });

  it('matches scopes exactly, in any order', async () => {
    const { session } = await signIn(OTHER_SCOPES);
    assert.equal(await getSession(), null);
    assert.equal(await getSession(['codewhisperer:completions']), null);
    assert.equal(await getSession([...OTHER_SCOPES, 'codewhisperer:analysis']), null);
    const reversed = OTHER_SCOPES.toReversed();
    const found = await getSession(reversed);
    assert.equal(found?.session.id, session.id);
    assert.deepEqual(found?.session.scopes, reversed);
  });

  it('treats an empty list as the default scope', async () => {
    const { session } = await signIn();
    const found = await getSession([]);
    assert.equal(found?.session.id, session.id);
    assert.deepEqual(found?.session.scopes, []);
  });

  it('takes the selectors of a connection among the scopes', async () => {
    const { session } = await signIn();
    const selected = [...DEFAULT_SCOPES, `VSCODE_START_URL:${connection.startUrl}`];
    const found = await getSession(selected);
    assert.equal(found?.session.id, session.id);
    assert.deepEqual(found?.session.scopes, selected);
    assert.equal(await getSession([...DEFAULT_SCOPES, 'VSCODE_REGION:eu-north-1']), null);
  });

  it('keeps one account for several scopes', async () => {
    const first = await signIn();
    const second = await signIn(OTHER_SCOPES);
    assert.notEqual(second.session.id, first.session.id);
    assert.deepEqual(second.session.account, first.session.account);
    assert.deepEqual(await getAccounts(), [first.session.account]);
    assert.equal((await getSession())?.session.id, first.session.id);
  });

  it('keeps several accounts, of which a consumer may name one', async () => {
    const { session } = await signIn();
    await signInToAnotherAccount();
    const accounts = await eventually('the second account', async () => {
      const found = await getAccounts();
      return found.length === 2 ? found : undefined;
    });
    assert.deepEqual(
      accounts.map(({ label }) => label),
      [connection.name, `${connection.name} (2)`],
    );
    const [first, second] = accounts;
    assert.equal((await getSession(DEFAULT_SCOPES, first))?.session.id, session.id);
    // The user has not allowed the consumer to use this one.
    assert.equal(await getSession(DEFAULT_SCOPES, second), null);
  });

  it('tells consumers when someone signs in or out', async () => {
    let changes = 0;
    const listener = vscode.authentication.onDidChangeSessions(({ provider }) => {
      if (provider.id === 'aws-sso') changes += 1;
    });
    try {
      await signIn();
      await eventually('the news of the sign-in', async () => changes > 0 || undefined);
      changes = 0;
      await signOutAll();
      await eventually('the news of the sign-out', async () => changes > 0 || undefined);
    } finally {
      listener.dispose();
    }
  });

  it('gives no session after a sign-out, and the token is over', async () => {
    const { session } = await signIn();
    await vscode.commands.executeCommand('awsSso.signOut');
    await eventually('no session', async () => ((await getSession()) === null ? true : undefined));
    assert.deepEqual(await getAccounts(), []);
    await eventually(
      'the end of the token',
      async () => !(await isAccepted(session.accessToken)) || undefined,
    );
  });

  it('has no session after the user said no', async () => {
    await answerSignIns({ decision: 'deny' });
    await assert.rejects(signIn(), /denied/);
    assert.deepEqual(await getAccounts(), []);
  });

  it('keeps other extensions waiting for no sign-in from the palette, and Sign Out ends that', async () => {
    await answerSignIns({ decision: 'later' });
    let ended = false;
    const pending = vscode.commands.executeCommand('awsSso.signIn').then(() => (ended = true));
    assert.equal(await getSession(), null);
    assert.ok(!ended);
    await vscode.commands.executeCommand('awsSso.signOut');
    await pending;
  });
});
