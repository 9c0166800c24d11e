import assert from 'node:assert/strict';

import { correction, shellAt } from '../../../../src/roles/shell/shells.ts';

const PROGRAM = { executable: "/it's/code", script: '/ext/shellVariables.cjs' };

function knownShell(path: string) {
  return shellAt(path) ?? assert.fail(`${path} is not known`);
}

describe('a shell', () => {
  it('is known by its file, on every system', () => {
    assert.equal(shellAt('/bin/zsh'), shellAt('/usr/bin/bash'));
    assert.equal(shellAt(String.raw`C:\Program Files\PowerShell\7\PWSH.EXE`), shellAt('/usr/bin/pwsh'));
    assert.equal(shellAt('/usr/bin/nu'), undefined);
    assert.equal(shellAt('/usr/bin/constructor'), undefined);
  });

  it('is a login shell on macOS, as in its terminals', () => {
    assert.deepEqual(knownShell('/bin/zsh').run(PROGRAM, 'darwin').slice(0, 3), ['-l', '-i', '-c']);
    assert.deepEqual(knownShell('/bin/zsh').run(PROGRAM, 'linux').slice(0, 2), ['-i', '-c']);
  });

  it('is told in its own words to take back what its startup files have set', () => {
    const given = { AWS_PROFILE: null, AWS_CONFIG_FILE: "/it's" };
    const names = ['AWS_PROFILE', 'AWS_CONFIG_FILE'];
    const told = (path: string) => correction(knownShell(path), given, names);
    assert.equal(told('/bin/bash'), String.raw` unset AWS_PROFILE; export AWS_CONFIG_FILE='/it'\''s'`);
    assert.equal(told('/bin/fish'), String.raw` set -e AWS_PROFILE; set -gx AWS_CONFIG_FILE '/it'\''s'`);
    assert.equal(told('pwsh.exe'), ` Remove-Item Env:AWS_PROFILE; $Env:AWS_CONFIG_FILE = '/it''s'`);
  });
});
