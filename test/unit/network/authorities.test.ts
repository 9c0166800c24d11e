import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BoundedQueue } from '../../../src/common/boundedQueue.ts';
import { authoritiesReader } from '../../../src/network/authorities.ts';
import { VirtualClock } from '../../support/virtualClock.ts';
import { hasNamedPipes, makeNamedPipe } from '../support/namedPipe.ts';

/** The variables whose files were left out. */
async function unread(environment: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const disk = new BoundedQueue(new VirtualClock(), 3000);
  return (await authoritiesReader({ environment, disk })(true)).unread;
}

describe('the certificate authorities of this machine', () => {
  let folder: string;
  let pipe: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'authorities-'));
    pipe = join(folder, 'pipe');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are read where the files are files, or are not there', async () => {
    const certificates = join(folder, 'certificates');
    await mkdir(certificates);
    await writeFile(join(certificates, 'one.pem'), '');
    await symlink('nowhere', join(certificates, 'dangling'));
    assert.deepEqual(await unread({}), []);
    assert.deepEqual(
      await unread({
        NODE_EXTRA_CA_CERTS: join(certificates, 'one.pem'),
        SSL_CERT_FILE: join(folder, 'missing'),
        SSL_CERT_DIR: certificates,
      }),
      [],
    );
  });

  for (const name of ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE']) {
    it(`never wait for a named pipe in ${name}`, async function () {
      if (!hasNamedPipes) {
        this.skip();
      }
      makeNamedPipe(pipe);
      assert.deepEqual(await unread({ [name]: pipe }), [name]);
    });
  }

  it('never wait for a named pipe in the folder of SSL_CERT_DIR', async function () {
    if (!hasNamedPipes) {
      this.skip();
    }
    makeNamedPipe(pipe);
    assert.deepEqual(await unread({ SSL_CERT_DIR: folder }), ['SSL_CERT_DIR']);
  });

  it('are given 3 seconds to answer; the well-known ones are there without', async () => {
    const clock = new VirtualClock();
    const disk = new BoundedQueue(clock, 3000);
    void disk.run(() => new Promise<never>(() => undefined)).catch(() => undefined);
    const reading = authoritiesReader({ environment: { NODE_EXTRA_CA_CERTS: pipe }, disk })(false);
    await clock.advance(3000);
    const { unread: variables, wellKnown, local } = await reading;
    assert.deepEqual({ variables, local }, { variables: ['NODE_EXTRA_CA_CERTS'], local: [] });
    assert.ok(wellKnown.length > 100);
  });
});
