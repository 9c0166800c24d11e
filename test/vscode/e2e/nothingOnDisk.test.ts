import assert from 'node:assert/strict';
import { createReadStream, globSync } from 'node:fs';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { oneJourney } from './journey.ts';
import { readEndToEndOptions } from './options.ts';
import { openScene, signIn, type Scene } from './scene.ts';
import { identityIn, openFirstRoleTerminal, whereTerminalsAre } from './terminals.ts';

/** Enough of a secret to know it by. */
const PIECE = 24;

/** The files below `folder` that hold a piece of one of the secrets. */
async function filesWith(folder: string, secrets: Iterable<string>): Promise<readonly string[]> {
  const pieces = [...secrets].map((secret) => secret.slice(0, PIECE));
  const found: string[] = [];
  for (const name of globSync('**/*', { cwd: folder })) {
    const file = join(folder, name);
    if ((await stat(file).catch(() => undefined))?.isFile() === true && (await holds(file, pieces))) {
      found.push(name);
    }
  }
  return found;
}

async function holds(file: string, pieces: readonly string[]): Promise<boolean> {
  let last = '';
  for await (const chunk of createReadStream(file, 'latin1')) {
    // SQLite and LevelDB have texts of two bytes a character as well.
    const text = `${last}${String(chunk)}`;
    const narrow = text.replaceAll('\0', '');
    if (pieces.some((piece) => text.includes(piece) || narrow.includes(piece))) {
      return true;
    }
    last = text.slice(-2 * PIECE);
  }
  return false;
}

describe('On the disk', () => {
  oneJourney();

  let scene: Scene;

  before(async () => {
    const { awsPort: port } = readEndToEndOptions(process.env);
    scene = await openScene('nothing-on-disk', { port });
    await signIn(scene);
  });
  after(() => scene?.close());

  it('is no key, no token and no code after a day’s work with a role', async () => {
    const { editor, identityCenter, home } = scene;
    await openFirstRoleTerminal(scene, 'production / ReadOnlyAccess', 'eu-west-1');
    const identity = await whereTerminalsAre(identityIn(scene));
    assert.ok(identity === undefined || identity.Account === '111122223333');
    await editor.run('AWS SSO: Copy Role Credentials');
    await editor.page.locator('.quick-input-widget').getByText('production / ReadOnlyAccess').first().click();
    await editor.page.locator('.quick-input-widget').getByText('JSON').first().click();
    await editor.page
      .locator('.notification-toast')
      .getByText(/copied/i)
      .first()
      .waitFor();
    const secrets = [...identityCenter.issuedSecrets];
    assert.ok(secrets.length >= 6, `only ${secrets.length} secrets were issued`);
    assert.deepEqual(await filesWith(home, secrets), []);
  });

  it('is nothing of that once the window is closed either', async () => {
    const { editor, identityCenter, home } = scene;
    await editor.leave();
    assert.deepEqual(await filesWith(home, identityCenter.issuedSecrets), []);
  });

  it('would be found', async () => {
    const secret = [...scene.identityCenter.issuedSecrets].find(({ length }) => length > PIECE) ?? '';
    const file = join(scene.home, 'a-file-with-a-secret');
    await writeFile(file, Buffer.from(`before ${secret} after`, 'utf16le'));
    assert.deepEqual(await filesWith(scene.home, [secret]), ['a-file-with-a-secret']);
    await rm(file);
  });
});
