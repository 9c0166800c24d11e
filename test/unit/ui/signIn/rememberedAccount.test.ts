import assert from 'node:assert/strict';

import type { ChosenAccount } from '../../../../src/sessions/signIn/accounts.ts';
import type { Account } from '../../../../src/sessions/session.ts';
import type * as SignInModule from '../../../../src/ui/signIn/signIn.ts';
import { ACME, Machine } from '../../support/sessions.ts';
import type { Window } from '../../support/sessions.ts';
import { loadWithVscode } from '../../support/vscode.ts';

type SignIn = InstanceType<typeof SignInModule.InteractiveSignIn>;
type SignInParts = ConstructorParameters<typeof SignInModule.InteractiveSignIn>[0];

const interaction = {
  showBrowserSignIn: () => undefined,
  showUserCode: () => undefined,
  showTrouble: () => undefined,
};

const show: SignInParts['notifications']['show'] = async (_name, signal, work) => work(interaction, signal);

describe('a sign-in for an account that an extension remembers', () => {
  let machine: Machine;
  let window: Window;
  let signIn: SignIn;
  let asked: (readonly string[])[];
  let chosen: (accounts: readonly Account[]) => ChosenAccount | undefined;

  beforeEach(async () => {
    machine = new Machine();
    window = await machine.open();
    asked = [];
    chosen = ([first]) => first;
    const url = new URL('../../../../src/ui/signIn/signIn.ts', import.meta.url);
    const { InteractiveSignIn } = await loadWithVscode<typeof SignInModule>(url);
    signIn = new InteractiveSignIn({
      sessions: window.sessions,
      notifications: { show },
      sources: {
        readConnections: async () => [ACME],
        choose: async () => ACME,
        resolve: async (startUrl) => startUrl,
      },
      chooseAccount: async (accounts) => {
        asked.push(accounts.map(({ label }) => label));
        return chosen(accounts) ?? 'another';
      },
      granted: {
        keep: (granted) => window.sessions.add(granted),
        share: async () => undefined,
        undo: (kept) => window.sessions.undo(kept),
        drop: async () => undefined,
      },
      flow: async () => machine.service.issue(),
      prepare: async () => undefined,
    });
  });
  afterEach(() => {
    signIn.dispose();
    window.sessions.dispose();
  });

  const accounts = (): readonly string[] => window.sessions.sessions.map(({ account }) => account.label);
  const moved: Account = { id: 'https://old.awsapps.com/start', label: 'acme' };

  it('of an Identity Center that has moved never makes one user "acme (2)", "acme (3)"', async () => {
    await signIn.signIn({ account: moved });
    await signIn.signIn({ account: moved });
    await signIn.signIn({ account: moved });
    assert.deepEqual(accounts(), ['acme']);
    assert.deepEqual(asked, [['acme'], ['acme']]);
  });

  it('is another account where the user says so', async () => {
    await signIn.signIn({ account: moved });
    chosen = () => undefined;
    await signIn.signIn({ account: moved });
    assert.deepEqual(accounts(), ['acme', 'acme (2)']);
  });

  it('asks nothing where the account may come back', async () => {
    const { session } = await signIn.signIn({});
    const second: Account = { id: `${session.account.id}#2`, label: 'acme (2)' };
    const again = await signIn.signIn({ account: second });
    assert.deepEqual(again.session.account, second);
    await signIn.signIn({ account: second });
    assert.deepEqual(accounts(), ['acme', 'acme (2)']);
    assert.deepEqual(asked, []);
  });
});
