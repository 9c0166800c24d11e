import assert from 'node:assert/strict';

import { Emitter } from '../../../../../src/common/event.ts';
import type { RoleFilePaths } from '../../../../../src/roles/terminal/roleFiles.ts';
import type * as TerminalsModule from '../../../../../src/ui/roles/terminal/roleTerminals.ts';
import { VirtualClock } from '../../../../support/virtualClock.ts';
import { loadWithVscode } from '../../../support/vscode.ts';

const role = { sessionId: '1', accountId: '111122223333', roleName: 'Developer' };
const shown = { role, accountName: 'Production', connectionName: 'acme', region: 'eu-west-1' };
const FILES: RoleFilePaths = { configFile: '/config', credentialsFile: '/credentials' };

/** @param write what writing their files comes to */
async function start(write: () => Promise<RoleFilePaths>) {
  const url = new URL('../../../../../src/ui/roles/terminal/roleTerminals.ts', import.meta.url);
  const { RoleTerminals } = await loadWithVscode<typeof TerminalsModule>(url);
  const ended: string[] = [];
  const grant = {
    url: 'http://127.0.0.1:1/credentials/a',
    token: 'token',
    dispose: () => ended.push('grant'),
  };
  const clock = new VirtualClock();
  const never = new Emitter<never>();
  const terminals = new RoleTerminals({
    access: { open: async () => grant } as never,
    source: { endOf: () => undefined, onDidEnd: never.event, onDidReturn: never.event },
    files: { write } as never,
    inherited: () => ({}),
    clock,
    shellCheck: { overridden: async () => undefined },
    log: { info: () => undefined, warn: () => undefined },
  });
  return { terminals, clock, ended };
}

describe('a role terminal', () => {
  it('is given up at once when the user cancels while the disk does not answer', async () => {
    const { terminals, clock, ended } = await start(() => new Promise(() => undefined));
    const cancel = new AbortController();
    const prepared = terminals.prepare(shown, cancel.signal);
    cancel.abort(new Error('cancelled'));
    await assert.rejects(prepared, /cancelled/);
    assert.deepEqual([ended, clock.pendingTimers], [['grant'], 0]);
    terminals.dispose();
  });

  it('has no access any more where VS Code has not opened it within a minute', async () => {
    const { terminals, clock, ended } = await start(async () => FILES);
    await terminals.prepare(shown, new AbortController().signal);
    await clock.advance(59_000);
    assert.deepEqual(ended, []);
    await clock.advance(1000);
    assert.deepEqual(ended, ['grant']);
    terminals.dispose();
  });

  it('has a name without icons, whatever the account is called', async () => {
    const { terminals } = await start(async () => FILES);
    const odd = { ...shown, accountName: '$(verified) Production' };
    const { name } = await terminals.prepare(odd, new AbortController().signal);
    assert.equal(name, 'Developer @ $ (verified) Production');
    terminals.dispose();
  });
});
