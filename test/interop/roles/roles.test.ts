import assert from 'node:assert/strict';

import { PLACE_TITLES } from '../places/places.ts';
import type { Place } from '../places/places.ts';
import { installedVersion } from '../places/versions.ts';
import { checkTable } from '../table.ts';
import type { ToolRow } from '../table.ts';
import { RoleScene } from './roleScene.ts';
import { assertNobody, assertRole, inWords, ROLES_TABLE, steady } from './rows.ts';
import type { Row } from './rows.ts';
import { ROLE_TOOLS } from './tools.ts';
import type { RoleTool } from './tools.ts';

const PLACES: readonly Place[] = ['npm', 'bookworm', 'sid'];
const MISTYPED = 'developper';
const NOT_SEEN = { empty: '', otherAccount: '', proxied: '', mistyped: '', ended: '' };
/** What a tool has in its output that says why it has no credentials. */
const ENDED = /sign-in has ended/i;

type OpenRow = { -readonly [K in keyof Row]: Row[K] };

const rows = new Map<RoleTool, OpenRow>();

for (const place of PLACES) {
  describe(`In a role terminal, a tool from ${PLACE_TITLES[place]}`, function () {
    this.timeout(600_000);
    const tools = ROLE_TOOLS.filter((tool) => tool.place === place);

    before(async function () {
      for (const tool of tools) {
        const version = await installedVersion(tool);
        if (version !== undefined) {
          rows.set(tool, { ...keyOf(tool), version, ...NOT_SEEN });
        }
      }
      if (!tools.some((tool) => rows.has(tool))) {
        console.log(`    skipped: there is none from ${PLACE_TITLES[place]}`);
        this.skip();
      }
    });

    const inScene = (what: string, open: () => Promise<RoleScene>, test: typeof theRole): void => {
      describe(what, () => {
        let opened: RoleScene | undefined;

        before(async () => {
          opened = await open();
        });
        after(() => opened?.[Symbol.asyncDispose]());

        for (const tool of tools) {
          it(tool.name, async function () {
            const row = rows.get(tool);
            if (row === undefined) {
              console.log(`    skipped: ${tool.package} is not installed (${PLACE_TITLES[place]})`);
              this.skip();
            }
            assert.ok(opened !== undefined);
            await opened.prepare(tool);
            await test(opened, tool, row);
          });
        }
      });
    };

    inScene('is the role with an empty ~/.aws', () => RoleScene.open(place, { home: 'empty' }), theRole);
    inScene(
      "is the role where ~/.aws has a default profile with another account's keys",
      () => RoleScene.open(place, { home: 'otherAccount' }),
      theRoleBesideKeys,
    );
    inScene(
      'is the role behind a proxy that refuses what is for this machine',
      () => RoleScene.open(place, { home: 'empty', isProxied: true }),
      theRoleBehindProxy,
    );
    inScene(
      'is the role, or fails, where AWS_PROFILE is mistyped',
      () => RoleScene.open(place, { home: 'otherAccount' }),
      async (opened, tool, row) => {
        const run = await opened.run(tool, { AWS_PROFILE: MISTYPED });
        row.mistyped = inWords(run, tool, new RegExp(MISTYPED));
      },
    );
    inScene(
      'fails once the sign-in has ended, and is nobody else',
      async () => {
        const opened = await RoleScene.open(place, { home: 'otherAccount' });
        await opened.endSignIn();
        return opened;
      },
      async (opened, tool, row) => {
        const run = await opened.run(tool);
        assert.notEqual(run.seen, 'the role');
        row.ended = inWords(run, tool, ENDED);
      },
    );
  });
}

async function theRole(scene: RoleScene, tool: RoleTool, row: OpenRow): Promise<void> {
  row.empty = await takesRole(scene, tool);
}

async function theRoleBesideKeys(scene: RoleScene, tool: RoleTool, row: OpenRow): Promise<void> {
  row.otherAccount = await takesRole(scene, tool);
}

async function theRoleBehindProxy(scene: RoleScene, tool: RoleTool, row: OpenRow): Promise<void> {
  row.proxied = await takesRole(scene, tool);
}

/** By itself, or with pasted credentials and nothing else before. */
async function takesRole(scene: RoleScene, tool: RoleTool): Promise<string> {
  const run = await scene.run(tool);
  assert.ok(scene.credentialsRequests <= 2, 'each terminal and each copy has the same credentials');
  if (tool.takes === 'byItself') {
    return assertRole(run, tool);
  }
  assertNobody(run);
  return `${assertRole(await scene.run(tool, await scene.pasted()), tool)} with pasted credentials`;
}

describe('The table of role terminals in docs/interop.md', () => {
  it('says what was seen in this run', async function () {
    this.timeout(20_000);
    // What failed has told so itself.
    const complete = [...rows.values()].filter((row) => !Object.values(row).includes(''));
    await checkTable(ROLES_TABLE, ROLE_TOOLS.map(keyOf), complete, (documented, seen) =>
      assert.deepEqual(documented && steady(documented), steady(seen)),
    );
  });
});

function keyOf({ name, place }: RoleTool): Omit<ToolRow, 'version'> {
  return { tool: name, from: PLACE_TITLES[place] };
}
