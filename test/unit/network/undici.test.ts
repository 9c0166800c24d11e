import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const LOADER = new URL('../../../src/network/undici.ts', import.meta.url).href;

/** In a process of its own, as undici takes the places that are free when it is first loaded. */
const PROGRAM = `
  const keys = ['undici.globalDispatcher.1', 'undici.globalDispatcher.2'].map((key) => Symbol.for(key));
  const before = { dispatch() {} };
  // As it is in VS Code's Node 22, where only the first of the two places is taken.
  Object.defineProperty(globalThis, keys[0], { value: before, writable: true });
  const { loadUndici } = await import(${JSON.stringify(LOADER)});
  const { fetch } = await loadUndici();
  console.log(JSON.stringify([typeof fetch, globalThis[keys[0]] === before, globalThis[keys[1]] === undefined]));
`;

describe('loading undici', () => {
  it("leaves the dispatchers of everybody's fetch as they were", async function () {
    this.timeout(20_000);
    const program = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', PROGRAM];
    const { stdout } = await promisify(execFile)(process.execPath, program);
    assert.deepEqual(JSON.parse(stdout), ['function', true, true]);
  });
});
