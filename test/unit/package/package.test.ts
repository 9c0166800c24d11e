import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, stat, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { listFiles, PackageManager } from '@vscode/vsce';
import type { Metafile } from 'esbuild';

import { buildExtension } from '../../../esbuild.ts';
import type { Undici } from '../../../src/network/undici.ts';
import { startProxy } from '../../network/forwardingProxy.ts';
import { createAuthority, SERVICE_HOST, startService } from '../../network/service.ts';
import { listen } from '../../support/listen.ts';
import { openHostLocks } from '../support/hostLocks.ts';
import { nonEmpty } from '../support/nonEmpty.ts';

const KB = 1024;

interface Manifest {
  readonly [field: string]: unknown;
  readonly icon: string;
  readonly main: string;
}

async function manifest(): Promise<Manifest> {
  return JSON.parse(await readFile('package.json', 'utf8')) as Manifest;
}

/** Thousands of files, through each of which vsce looks before it leaves them out. */
const DOWNLOADED: ReadonlySet<string> = new Set(['.git', '.vscode-test', 'node_modules']);

/** The files that `npm run package` packs. */
async function packedFiles(): Promise<readonly string[]> {
  const cwd = await mkdtemp(join(tmpdir(), 'packed-files-'));
  try {
    const entries = (await readdir('.')).filter((entry) => !DOWNLOADED.has(entry));
    await Promise.all(entries.map((entry) => symlink(resolve(entry), join(cwd, entry))));
    return await listFiles({ cwd, packageManager: PackageManager.None, followSymlinks: true } as object);
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** The files that code loaded from `entry` loads with it, without those it may load later. */
async function loadedWith(entry: string, seen = new Set<string>()): Promise<ReadonlySet<string>> {
  if (!seen.has(entry)) {
    seen.add(entry);
    const code = await readFile(join('dist/extension', entry), 'utf8');
    const required = code.matchAll(/(\.then\(\s*\(\)\s*=>[^;]{0,40}?)?require\("\.\/([^"]+)"\)/g);
    for (const [, isLater, name] of required) {
      if (isLater === undefined && name !== undefined) {
        await loadedWith(name, seen);
      }
    }
  }
  return seen;
}

describe('the extension, as it is packed,', function () {
  this.timeout(120_000);
  let metafile: Metafile;
  before(async () => {
    metafile = await buildExtension();
  });

  describe('the package', () => {
    let files: readonly string[];
    before(async () => {
      files = await packedFiles();
    });

    it('holds the bundle, the texts and the pictures, and no file of the development or that VS Code never reads', async () => {
      const expected =
        /^(package\.json|package\.nls(\.\w+)?\.json|README\.md|CHANGELOG\.md|LICENSE|l10n\/bundle\.l10n\.\w+\.json|media\/[\w/-]+(\.png|(\.nls\.\w+)?\.md)|dist\/extension\/([\w.-]+\.cjs(\.LEGAL\.txt)?|THIRD-PARTY-LICENSES\.txt))$/;
      assert.deepEqual(
        files.filter((file) => !expected.test(file)),
        [],
      );
      const needed = [
        'README.md',
        'CHANGELOG.md',
        'LICENSE',
        'dist/extension/extension.cjs',
        'l10n/bundle.l10n.de.json',
      ];
      for (const file of needed) {
        assert.ok(files.includes(file), `${file} is not in it`);
      }
    });

    it('holds the license and the notices of every package that is bundled', async () => {
      const path = 'dist/extension/THIRD-PARTY-LICENSES.txt';
      assert.ok(files.includes(path), `${path} is not in it`);
      const notices = await readFile(path, 'utf8');
      // Each has a text below its title, its own or that of its publisher.
      assert.doesNotMatch(notices, /\n=+\n\n+\S.*\n=+\n/);
      const folders = new Set(
        Object.keys(metafile.inputs).flatMap(
          (input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? [],
        ),
      );
      assert.ok(folders.size >= 10, `only ${folders.size} packages are bundled`);
      for (const needed of ['undici', 'valibot', '@smithy/signature-v4']) {
        assert.ok(folders.has(`node_modules/${needed}`), `${needed} is not bundled`);
      }
      for (const folder of folders) {
        const isInBundle = Object.values(metafile.outputs).some(({ inputs }) =>
          Object.entries(inputs).some(
            ([input, { bytesInOutput }]) => input.startsWith(`${folder}/`) && bytesInOutput > 0,
          ),
        );
        const { name, version } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8')) as Manifest;
        assert.equal(notices.includes(`\n${String(name)} ${String(version)} (`), isInBundle, folder);
        const texts = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file));
        for (const text of isInBundle ? texts : []) {
          assert.ok(
            notices.includes((await readFile(join(folder, text), 'utf8')).trim()),
            `${folder}/${text}`,
          );
        }
      }
    });

    it('holds every file that its manifest names', async () => {
      const named = JSON.stringify(await manifest()).matchAll(/"((?:\.\/)?(?:media|dist|l10n)\/[^"]+)"/g);
      for (const [, path = ''] of nonEmpty('file named', named)) {
        const file = path.replace(/^\.\//, '');
        assert.ok(
          files.some((name) => name === file || name.startsWith(`${file}/`)),
          `${path} is not in it`,
        );
      }
    });

    it('says what the Marketplace and Open VSX ask for', async () => {
      const fields = await manifest();
      for (const field of [
        'publisher',
        'displayName',
        'description',
        'license',
        'repository',
        'categories',
      ]) {
        assert.ok(fields[field], `package.json lacks ${field}`);
      }
      for (const field of ['keywords', 'galleryBanner', 'icon', 'bugs', 'homepage']) {
        assert.ok(fields[field], `package.json lacks ${field}`);
      }
      const icon = await readFile(fields.icon);
      assert.equal(icon.subarray(1, 4).toString(), 'PNG');
      assert.ok(icon.readUInt32BE(16) >= 128, 'the icon is smaller than 128 pixels');
    });

    it('has pictures in its README that are there, and no badge and no SVG', async () => {
      const readme = await readFile('README.md', 'utf8');
      const pictures = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, target = '']) => target);
      assert.ok(pictures.length > 0);
      for (const picture of pictures) {
        assert.match(picture, /^media\/[\w/-]+\.png$/);
        assert.ok((await stat(picture)).size > 0);
      }
    });
  });

  describe('the budgets', () => {
    it('let no dependency load at activation', async () => {
      const files = await loadedWith('extension.cjs');
      assert.ok(files.size > 1, 'what it loads at activation was not found');
      const code = await Promise.all(
        [...files].map((file) => readFile(join('dist/extension', file), 'utf8')),
      );
      assert.doesNotMatch(code.join(''), /valibot|undici|smithy/i);
    });

    it('let no two modules load each other, because one of them would miss what the other exports', async () => {
      const names = (await readdir('dist/extension')).filter((name) => name.endsWith('.cjs'));
      for (const name of names) {
        const [, ...loaded] = await loadedWith(name);
        for (const other of loaded) {
          assert.ok(!(await loadedWith(other)).has(name), `${name} and ${other} load each other`);
        }
      }
    });

    it("let no module have a copy of VS Code's API, with a getter for each of its hundreds of members", async () => {
      const names = (await readdir('dist/extension')).filter((name) => name.endsWith('.cjs'));
      const code = await Promise.all(names.map((name) => readFile(join('dist/extension', name), 'utf8')));
      const uses = code.flatMap((text) =>
        [...text.matchAll(/(.)require\("vscode"\)/g)].map(([, before]) => before),
      );
      assert.ok(uses.length > 5, 'where it is used was not found');
      assert.deepEqual(
        uses.filter((before) => before !== '='),
        [],
      );
    });

    it('let no regular expression with properties of characters be compiled while the services load', async () => {
      const names = await readdir('dist/extension');
      const services =
        names.find((name) => /^services-.*\.cjs$/.test(name)) ?? assert.fail('no services chunk');
      const files = nonEmpty('file of the services', await loadedWith(services));
      const code = await Promise.all(files.map((file) => readFile(join('dist/extension', file), 'utf8')));
      const withoutStrings = code.join('').replaceAll(/String\.raw`[^`]*`/g, '');
      assert.deepEqual(withoutStrings.match(/.{0,40}\\p\{.{0,40}/g) ?? [], []);
    });

    it('keep undici and the AWS credential chain in chunks of their own', async () => {
      const names = await readdir('dist/extension');
      assert.ok(names.some((name) => name.startsWith('undici-')));
      assert.ok(names.some((name) => name.startsWith('awsCredentials-')));
      const services =
        names.find((name) => /^services-.*\.cjs$/.test(name)) ?? assert.fail('no services chunk');
      const loaded = await loadedWith(services);
      assert.ok(loaded.size > 1, 'what the services load was not found');
      assert.doesNotMatch([...loaded].join(' '), /undici|awsCredentials|sigv4/);
    });
  });

  describe('the helper process of the locks', () => {
    it('takes a lock, and keeps another process out', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'packed-locks-'));
      const locks = await openHostLocks(folder, { file: resolve('dist/extension/lockHelper.cjs') });
      try {
        const { systemLocks, bySystem, byFile } =
          (await locks.examine()) ?? assert.fail('somebody else has the lock');
        assert.deepEqual([systemLocks.kind, bySystem.kind, byFile.kind], ['working', 'busy', 'busy']);
      } finally {
        locks.dispose();
        await rm(folder, { recursive: true, force: true });
      }
    });
  });

  describe('undici', () => {
    it('asks directly and through a proxy, and reads the answer', async () => {
      const names = await readdir('dist/extension');
      const chunk = names.find((name) => /^undici-.*\.cjs$/.test(name)) ?? assert.fail('no chunk of undici');
      const { default: undici } = createRequire(import.meta.url)(resolve('dist/extension', chunk)) as {
        readonly default: Undici;
      };
      const authority = await createAuthority('packed');
      await using service = await startService(authority);
      await using plain = await listen(
        createServer((request, response) => {
          request.pipe(response);
        }),
      );
      await using proxy = await startProxy();
      const uri = proxy.url.href;
      const requestTls = { ca: authority.cert };
      for (const [dispatcher, url, passes] of [
        [new undici.Agent({ allowH2: false }), plain.url.href, 0],
        [new undici.ProxyAgent({ uri, allowH2: false }), `http://${SERVICE_HOST}:${plain.port}/`, 1],
        [new undici.ProxyAgent({ uri, allowH2: false, requestTls }), service.url.href, 2],
      ] as const) {
        const response = await undici.fetch(url, { method: 'POST', body: '{}', dispatcher });
        assert.equal(response.status, 200);
        assert.ok((await response.text()).startsWith('{'));
        assert.equal(proxy.requests, passes);
        await dispatcher.close();
      }
      assert.deepEqual(service.bodies, ['{}']);
    });

    it('is no more of it than that takes', async () => {
      const names = await readdir('dist/extension');
      const chunk = names.find((name) => /^undici-.*\.cjs$/.test(name)) ?? assert.fail('no chunk of undici');
      assert.ok((await stat(join('dist/extension', chunk))).size <= 400 * KB);
    });
  });
});
