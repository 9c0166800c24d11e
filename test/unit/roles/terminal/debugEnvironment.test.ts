import assert from 'node:assert/strict';

import { withDebugEnvironment } from '../../../../src/roles/terminal/debugEnvironment.ts';

const VARIABLES = { AWS_CONFIG_FILE: '/ours', AWS_SDK_LOAD_CONFIG: '1' };

function environmentOf(members: Readonly<Record<string, unknown>>): unknown {
  const configuration = { type: 'node', request: 'launch', name: 'app', ...members };
  return withDebugEnvironment(configuration, VARIABLES)['env' as never];
}

describe('what is debugged in a window with a role', () => {
  it('has its variables where no terminal brings them', () => {
    for (const type of ['node', 'pwa-node', 'go', 'coreclr']) {
      assert.deepEqual(environmentOf({ type }), VARIABLES, type);
    }
    assert.deepEqual(environmentOf({ type: 'debugpy', console: 'internalConsole' }), VARIABLES);
    assert.deepEqual(environmentOf({ type: 'java', console: 'externalTerminal' }), VARIABLES);
  });

  it('keeps what the configuration sets itself', () => {
    const env = { AWS_CONFIG_FILE: '/mine', LEVEL: 'debug' };
    assert.deepEqual(environmentOf({ env }), { ...VARIABLES, ...env });
  });

  it('has none in its configuration where the integrated terminal has them: VS Code keeps its command line', () => {
    assert.equal(environmentOf({ console: 'integratedTerminal' }), undefined);
    assert.equal(environmentOf({ type: 'debugpy' }), undefined);
    assert.equal(environmentOf({ type: 'java' }), undefined);
  });

  it('is left alone where nothing is started, or its variables are not a list of names and values', () => {
    assert.equal(environmentOf({ request: 'attach' }), undefined);
    assert.deepEqual(environmentOf({ env: ['A=1'] }), ['A=1']);
    assert.equal(environmentOf({ env: null }), null);
  });
});
