import assert from 'node:assert/strict';

import { Emitter } from '../../../src/common/event.ts';
import type { Session } from '../../../src/sessions/session.ts';
import type * as PickerModule from '../../../src/ui/connections/connectionPicker.ts';
import type * as BriefModule from '../../../src/ui/sessions/briefMessage.ts';
import type * as ItemsModule from '../../../src/ui/sessions/sessionItems.ts';
import type * as AccountModule from '../../../src/ui/signIn/accountPicker.ts';
import { VirtualClock } from '../../support/virtualClock.ts';
import { ACME } from '../support/sessions.ts';
import { loadWithVscode, offered, picks, statusMessages } from '../support/vscode.ts';

/** VS Code shows an icon in place of it, wherever it renders icons. */
const ICON = 'acme $(flame)';

function ui<T>(file: string): Promise<T> {
  return loadWithVscode<T>(new URL(`../../../src/ui/${file}.ts`, import.meta.url));
}

const session: Session = {
  id: '1',
  account: { id: 'account', label: ICON },
  connection: { ...ACME, name: ICON },
  scopes: [ICON],
  signedInAt: 0,
  generation: 1,
  state: { kind: 'signedIn', issuedAt: 0, expiresAt: 60_000, refreshable: true },
};
const { signal } = new AbortController();

describe('a name with an icon in it', () => {
  it('is shown as text in the list of sessions', async () => {
    const { sessionItem } = await ui<typeof ItemsModule>('sessions/sessionItems');
    const { label, description } = sessionItem(session, 0);
    assert.equal(label, '$(account) acme $ (flame)');
    assert.doesNotMatch(description ?? '', /\$\(/);
  });

  it('is shown as text where an account or a connection is picked', async () => {
    const { chooseAccount } = await ui<typeof AccountModule>('signIn/accountPicker');
    picks.push('flame');
    await chooseAccount([session.account], session.connection, signal);
    assert.equal(offered()[0]?.label, '$(account) acme $ (flame)');

    const { ConnectionPicker } = await ui<typeof PickerModule>('connections/connectionPicker');
    const connections = ['a', 'b'].map((name) => ({
      connection: { ...ACME, name: `${ICON} ${name}` },
      origin: 'settings',
    }));
    const picker = new ConnectionPicker(
      { read: async () => ({ connections, problems: [] }) } as never,
      undefined as never,
    );
    picks.push('flame');
    await picker.choose({ wire: [] }, signal);
    assert.equal(offered()[0]?.label, 'acme $ (flame) a');
  });
});

describe('what the status bar says for a moment', () => {
  const clock = new VirtualClock();
  const updated = new Emitter<void>();
  const sessions = { sessions: [session], onDidUpdate: updated.event };

  beforeEach(async () => {
    sessions.sessions = [session];
    const { showBriefly } = await ui<typeof BriefModule>('sessions/briefMessage');
    showBriefly(sessions as never, session, `Signed in to AWS as ${ICON}`, clock);
    assert.deepEqual(statusMessages(), ['$(check) Signed in to AWS as acme $ (flame)']);
  });

  it('is gone after five seconds, and leaves nothing behind', async () => {
    updated.fire();
    await clock.advance(4999);
    assert.equal(statusMessages().length, 1);
    await clock.advance(1);
    assert.deepEqual(statusMessages(), []);
    assert.equal(clock.pendingTimers, 0);
  });

  it('is gone as soon as the session is', () => {
    sessions.sessions = [];
    updated.fire();
    assert.deepEqual(statusMessages(), []);
    assert.equal(clock.pendingTimers, 0);
  });
});
