import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';

import { isSameHost } from '../../../../src/common/locks/holder.ts';
import type { Holder } from '../../../../src/common/locks/holder.ts';
import { hostSystem, readHolder } from '../../../../src/common/locks/readHolder.ts';
import type { HostSystem } from '../../../../src/common/locks/readHolder.ts';

const LINUX_FILES: Readonly<Record<string, string>> = {
  '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
  '/proc/sys/kernel/random/boot_id': '7b0f9f5c-4c5e-4f3e-9f57-0d6f5d0b2a11\n',
};
const IOREG = `+-o J314sAP  <class IOPlatformExpertDevice, id 0x100000255>
    {
      "IOPlatformSerialNumber" = "C02XXXXXXXXX"
      "IOPlatformUUID" = "5F3C2A1B-0000-4000-8000-9A8B7C6D5E4F"
    }`;
const REGISTRY = String.raw`
HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Cryptography
    MachineGuid    REG_SZ    6f1d2c3b-0000-4000-8000-aabbccddeeff
`;

/** A machine that tells nothing but its name and the time of its start. */
const SILENT: HostSystem = {
  platform: 'linux',
  pid: 42,
  hostname: 'desk',
  startedAt: Date.UTC(2026, 0),
  readFile: () => Promise.reject(new Error('ENOENT')),
  readLink: () => Promise.reject(new Error('ENOENT')),
  run: () => Promise.reject(new Error('ENOENT')),
};

const linux: HostSystem = {
  ...SILENT,
  readFile: async (path) => LINUX_FILES[path] ?? Promise.reject(new Error('ENOENT')),
  readLink: async () => 'pid:[4026531836]',
};
const mac: HostSystem = {
  ...SILENT,
  platform: 'darwin',
  run: async (file) => (file.endsWith('ioreg') ? IOREG : 'A1B2C3D4-0000-4000-8000-000000000001\n'),
};
const windows: HostSystem = { ...SILENT, platform: 'win32', run: async () => REGISTRY };

/** What of their holders is not the same. */
const differs = async (a: HostSystem, b: HostSystem): Promise<readonly (keyof Holder)[]> => {
  const [one, other] = await Promise.all([readHolder(a), readHolder(b)]);
  return (Object.keys(one) as (keyof Holder)[]).filter((key) => one[key] !== other[key]);
};

const withFile = (path: string, text: string): HostSystem => ({
  ...linux,
  readFile: async (read) => (read === path ? text : linux.readFile(read)),
});

describe('who holds a lock', () => {
  for (const [name, system] of Object.entries({ linux, mac, windows, silent: SILENT })) {
    it(`is identified without naming the machine (${name})`, async () => {
      const { pid, ...ids } = await readHolder(system);
      assert.equal(pid, 42);
      for (const id of Object.values(ids)) {
        assert.match(id, /^[\da-f]{16}$/);
      }
      assert.doesNotMatch(JSON.stringify(ids), /desk|0123456789abcdef|5F3C2A1B|6f1d2c3b/i);
    });
  }

  it('differs by machine, start, process namespace and process', async () => {
    assert.deepEqual(await differs(linux, withFile('/etc/machine-id', 'another')), ['machine']);
    assert.deepEqual(await differs(linux, withFile('/proc/sys/kernel/random/boot_id', 'another')), ['boot']);
    const container = { ...linux, readLink: async () => 'pid:[4026532999]' };
    assert.deepEqual(await differs(linux, container), ['processNamespace']);
    assert.deepEqual(await differs(linux, { ...linux, pid: 43 }), ['pid']);
    assert.ok((await differs(mac, { ...mac, run: async () => 'ANOTHER' })).includes('boot'));
    assert.ok((await differs(windows, { ...windows, run: async () => '' })).includes('machine'));
  });

  it('differs between containers of one image that tell nothing but their names', async () => {
    assert.ok((await differs(SILENT, { ...SILENT, hostname: 'other' })).includes('machine'));
  });

  it('differs between containers of one image, and stays the same where a network renames the machine', async () => {
    assert.deepEqual(await differs(linux, { ...linux, hostname: 'other' }), ['machine']);
    assert.deepEqual(await differs(mac, { ...mac, hostname: 'other' }), []);
  });

  it('is the same however the time of the start was measured, where the system tells that start itself', async () => {
    assert.deepEqual(await differs(linux, { ...linux, startedAt: 0 }), []);
    assert.deepEqual(await differs(mac, { ...mac, startedAt: 0 }), []);
  });

  it('knows another start where the system tells only when it was', async () => {
    assert.deepEqual(await differs(windows, { ...windows, startedAt: windows.startedAt + 1000 }), []);
    assert.ok(
      (await differs(windows, { ...windows, startedAt: windows.startedAt + 3_600_000 })).includes('boot'),
    );
  });

  it('is the same host for two real processes of this machine', async () => {
    const module = new URL('../../../../src/common/locks/readHolder.ts', import.meta.url).href;
    const code = `import(${JSON.stringify(module)}).then(async ({ readHolder, hostSystem }) =>
      process.send(await readHolder(await hostSystem(process.platform, process.pid))));`;
    const child = fork('--eval', [code], { execArgv: [] });
    const [theirs] = (await once(child, 'message')) as [Holder];
    child.kill();
    const ours = await readHolder(await hostSystem(process.platform, process.pid));
    assert.ok(isSameHost(ours, theirs));
    assert.notEqual(ours.pid, theirs.pid);
  });
});
