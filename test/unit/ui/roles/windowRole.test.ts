import assert from 'node:assert/strict';

import type { EnvironmentVariableCollection } from 'vscode';

import type { SessionRole } from '../../../../src/roles/credentials/roleCredentials.ts';
import type * as WindowRoleModule from '../../../../src/ui/roles/window/windowRole.ts';
import { unavailable } from '../../../../src/roles/credentials/unavailable.ts';
import type { CredentialsGrant } from '../../../../src/roles/endpoint/credentialsEndpoint.ts';
import type { RoleAccess } from '../../../../src/roles/terminal/roleAccess.ts';
import type { RoleFiles } from '../../../../src/roles/terminal/roleFiles.ts';
import type { ShownRole } from '../../../../src/ui/roles/chosenRole.ts';
import { CancellationError, debugProviders, loadWithVscode } from '../../support/vscode.ts';

type Module = typeof WindowRoleModule;

const { WindowRole } = await loadWithVscode<Module>(
  new URL('../../../../src/ui/roles/window/windowRole.ts', import.meta.url),
);

function shown(roleName: string): ShownRole {
  const role = { sessionId: 'acme', accountId: '111122223333', roleName };
  return { role, accountName: 'production', connectionName: 'acme', region: 'eu-west-1' };
}

/** @param opening what each role's credentials wait for, the first one's first */
function start(...opening: readonly Promise<void>[]) {
  let opened = 0;
  const variables = new Map<string, string>();
  const grants: string[] = [];
  const access: Pick<RoleAccess, 'open'> = {
    open: async ({ roleName }: SessionRole, signal): Promise<CredentialsGrant> => {
      await opening[opened++];
      signal.throwIfAborted();
      grants.push(roleName);
      return {
        url: `http://127.0.0.1:1/credentials/${roleName}`,
        token: `token of ${roleName}`,
        dispose: () => void grants.splice(grants.indexOf(roleName), 1),
      };
    },
  };
  const files: Pick<RoleFiles, 'write'> = {
    write: async (_signal, region) => ({ configFile: `/config-${region}`, credentialsFile: '/credentials' }),
  };
  const collection: Partial<EnvironmentVariableCollection> = {
    replace: (name: string, value: string) => void variables.set(name, value),
    clear: () => variables.clear(),
  };
  const windowRole = new WindowRole({
    access: access as RoleAccess,
    files: files as RoleFiles,
    variables: collection as EnvironmentVariableCollection,
    inherited: () => ({}),
  });
  return { windowRole, variables, grants };
}

describe('the role of a window', () => {
  const { signal } = new AbortController();

  it('is in the environment of terminals and tasks, and of what is debugged, until it is stopped', async () => {
    const { windowRole, variables, grants } = start();
    await windowRole.start(shown('Developer'), signal);
    assert.equal(variables.get('AWS_CONFIG_FILE'), '/config-eu-west-1');
    assert.equal(variables.get('AWS_SSO_WINDOW_ROLE_TOKEN'), 'token of Developer');
    assert.equal(debugProviders.size, 1);
    windowRole.stop();
    assert.deepEqual([variables.size, debugProviders.size, grants], [0, 0, []]);
    assert.equal(windowRole.current, undefined);
  });

  it('has another access when it is another role: what was started before never goes on as that (aws-toolkit-vscode#8739, aws-toolkit-vscode#6949, aws-toolkit-vscode#7789)', async () => {
    const { windowRole, variables, grants } = start();
    await windowRole.start(shown('Developer'), signal);
    await windowRole.start(shown('Admin'), signal);
    assert.deepEqual(grants, ['Admin']);
    assert.equal(variables.get('AWS_SSO_WINDOW_ROLE_TOKEN'), 'token of Admin');
    assert.equal(debugProviders.size, 1);
    windowRole.dispose();
    assert.deepEqual([variables.size, debugProviders.size, grants], [0, 0, []]);
  });

  for (const reason of ['signedOut', 'forbidden'] as const) {
    it(`ends when the role cannot be taken any more: ${reason}`, async () => {
      const { windowRole, variables, grants } = start();
      await windowRole.start(shown('Developer'), signal);
      const why = unavailable(reason);
      assert.equal(windowRole.end({ role: shown('Admin').role, why }), undefined);
      assert.equal(windowRole.end({ role: shown('Developer').role, why })?.role.roleName, 'Developer');
      assert.deepEqual([variables.size, debugProviders.size, grants], [0, 0, []]);
    });
  }

  it('goes on after a new sign-in', async () => {
    const { windowRole } = start();
    await windowRole.start(shown('Developer'), signal);
    windowRole.end({ role: shown('Developer').role, why: unavailable('needsSignIn') });
    assert.equal(windowRole.current?.role.roleName, 'Developer');
    windowRole.dispose();
  });

  it('is the one that was chosen last, though the one before is there later', async () => {
    const slow = Promise.withResolvers<void>();
    const { windowRole, variables, grants } = start(slow.promise);
    const first = windowRole.start(shown('Admin'), signal);
    await new Promise(setImmediate);
    await windowRole.start(shown('Developer'), signal);
    slow.resolve();
    await assert.rejects(first, CancellationError);
    assert.equal(windowRole.current?.role.roleName, 'Developer');
    assert.deepEqual(
      [grants, variables.get('AWS_SSO_WINDOW_ROLE_TOKEN')],
      [['Developer'], 'token of Developer'],
    );
    windowRole.dispose();
  });

  for (const [what, end] of [
    ['has stopped the one before', 'stop'],
    ['has closed the window', 'dispose'],
  ] as const) {
    it(`never begins after the user ${what}`, async () => {
      const slow = Promise.withResolvers<void>();
      const { windowRole, variables, grants } = start(Promise.resolve(), slow.promise);
      await windowRole.start(shown('Developer'), signal);
      const starting = windowRole.start(shown('Admin'), signal);
      await new Promise(setImmediate);
      windowRole[end]();
      slow.resolve();
      await assert.rejects(starting, CancellationError);
      assert.deepEqual([variables.size, debugProviders.size, grants], [0, 0, []]);
    });
  }

  it('never begins once the role has been taken away', async () => {
    const opening = Promise.withResolvers<void>();
    const { windowRole, variables, grants } = start(opening.promise);
    const starting = windowRole.start(shown('Developer'), signal);
    windowRole.end({ role: shown('Developer').role, why: unavailable('signedOut') });
    opening.resolve();
    await assert.rejects(starting, /signed out/);
    assert.deepEqual([variables.size, debugProviders.size, grants], [0, 0, []]);
  });
});
