import assert from 'node:assert/strict';

import type * as ProviderModule from '../../../src/provider/authenticationProvider.ts';
import type * as ListModule from '../../../src/connections/connectionList.ts';
import type * as PickerModule from '../../../src/ui/connections/connectionPicker.ts';
import type * as SignInModule from '../../../src/ui/signIn/signIn.ts';
import { withDeadline } from '../../../src/common/timeout.ts';
import type { Flow, Interaction } from '../../../src/flows/flow.ts';
import type { Connection } from '../../../src/connections/connection.ts';
import { MenuRequests } from '../../../src/provider/menuRequests.ts';
import { RecentSignIn } from '../../../src/sessions/signIn/recentSignIn.ts';
import { ACME, Machine } from '../support/sessions.ts';
import type { Window } from '../support/sessions.ts';
import { loadWithVscode } from '../support/vscode.ts';

function load<T>(file: string): Promise<T> {
  return loadWithVscode<T>(new URL(`../../../src/${file}.ts`, import.meta.url));
}

const { InteractiveSignIn } = await load<typeof SignInModule>('ui/signIn/signIn');
const { ConnectionPicker } = await load<typeof PickerModule>('ui/connections/connectionPicker');
const { ConnectionList } = await load<typeof ListModule>('connections/connectionList');
const { AwsSsoAuthenticationProvider } = await load<typeof ProviderModule>('provider/authenticationProvider');
type SignInParts = ConstructorParameters<typeof InteractiveSignIn>[0];

const CANCELLED = { name: 'Canceled' };
const SIGN_IN_MS = 5 * 60_000;

function hanging(): Promise<never> {
  return new Promise(() => undefined);
}

const interaction: Interaction = {
  showBrowserSignIn: () => undefined,
  showUserCode: () => undefined,
  showTrouble: () => undefined,
};

describe('a sign-in that is cancelled', () => {
  let machine: Machine;
  let window: Window;
  let cancel: () => void;
  let failures: unknown[];
  let dropped: string[];

  beforeEach(async () => {
    machine = new Machine();
    window = await machine.open();
    failures = [];
    dropped = [];
  });
  afterEach(() => window.sessions.dispose());

  function createSignIn(parts: Partial<SignInParts>) {
    const signIn = new InteractiveSignIn({
      sessions: window.sessions,
      // The notification, whose Cancel is a signal of its own.
      notifications: {
        show: async (_name, signal, work) => work(interaction, signal),
      },
      sources: {
        readConnections: async () => [ACME],
        choose: async () => ACME,
        resolve: async (startUrl: string) => startUrl,
      },
      chooseAccount: async () => 'another',
      granted: {
        keep: (signIn) => window.sessions.add(signIn),
        share: async () => undefined,
        undo: (kept) => window.sessions.undo(kept),
        drop: async ({ issued }) => void dropped.push(issued.accessToken),
      },
      flow: async () => machine.service.issue(),
      prepare: async () => undefined,
      ...parts,
    });
    cancel = () => signIn.abort();
    signIn.onDidFail(({ error }) => failures.push(error));
    return signIn;
  }

  it('between the grant and the save leaves no session behind', async () => {
    const flow: Flow<Connection> = async () => {
      const issued = machine.service.issue();
      cancel();
      return issued;
    };
    await assert.rejects(createSignIn({ flow }).signIn({}), CANCELLED);
    assert.deepEqual(window.sessions.sessions, []);
    assert.equal(machine.file.text, undefined);
    assert.equal(machine.secrets.writes, 0);
    assert.equal(dropped.length, 1);
  });

  it('while the vault of a browser hangs ends at once', async () => {
    const signIn = createSignIn({ prepare: hanging });
    const ended = assert.rejects(signIn.signIn({}), CANCELLED);
    cancel();
    await ended;
    assert.equal(signIn.isPending, false);
    assert.deepEqual(failures, []);
  });

  it('while ~/.aws/config does not respond ends at once (leapp#240)', async () => {
    const list = new ConnectionList(() => ({ connections: [], problems: [] }), { read: hanging });
    const sources = new ConnectionPicker(list, { resolve: hanging, ask: hanging });
    const signIn = createSignIn({ sources });
    const ended = assert.rejects(signIn.signIn({}), CANCELLED);
    cancel();
    await ended;
    assert.equal(signIn.isPending, false);
  });

  it('after five minutes frees the queue of VS Code, whatever it hangs on (vscode#188850)', async () => {
    const signIn = { signIn: hanging };
    for (const ready of [Promise.resolve(), hanging()]) {
      const provider = new AwsSsoAuthenticationProvider(async () => ({
        sessions: window.sessions,
        signIn,
        menuRequests: new MenuRequests(),
        recentSignIn: new RecentSignIn(window.sessions, machine.clock),
        ready,
        limited: (work) => withDeadline(machine.clock, SIGN_IN_MS, () => new Error('too late'), work),
      }));
      let ended: unknown;
      void provider.createSession([], {}).catch((error: unknown) => (ended = error));
      await machine.clock.advance(SIGN_IN_MS - 1);
      assert.equal(ended, undefined);
      await machine.clock.advance(1);
      assert.match(String(ended), /too late/);
      provider.dispose();
    }
  });
});
