import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';

import { accessTokenOf, beginAtOnce, inWords, sendAtOnce, SHORT_S, signedIn } from './both.ts';
import type { Outcome } from './both.ts';
import { PLACE_TITLES } from '../places/places.ts';
import { installedVersion } from '../places/versions.ts';
import { checkTable } from '../table.ts';
import { SHARING_TABLE, steady } from './rows.ts';
import type { Row } from './rows.ts';
import { Scene } from './scene.ts';
import { TOOLS } from './tools.ts';
import type { Tool } from './tools.ts';

/** How long before a tool would refresh it a token is tried, in seconds: longer than a sign-in and a call take. */
const EARLY_S = 60;
/** Who is quicker where both begin at once is for the machine to say. */
const ROUNDS = 3;

const NOTHING = { reads: '–', refreshes: '–', writes: '–', beginAtOnce: '–', oursFirst: '–', itsFirst: '–' };

const rows: Row[] = [];

for (const tool of TOOLS) {
  describe(`${tool.name} from ${PLACE_TITLES[tool.place]}, beside the extension`, function () {
    this.timeout(600_000);
    const row: { -readonly [K in keyof Row]: Row[K] } = { ...keyOf(tool), version: '', ...NOTHING };

    before(async function () {
      const version = await installedVersion(tool);
      if (version === undefined) {
        console.log(`    skipped: ${tool.package} is not installed (${PLACE_TITLES[tool.place]})`);
        this.skip();
      }
      row.version = version;
      rows.push(row);
    });

    it('reads what we share', async () => {
      await using scene = await Scene.open(tool);
      const window = await scene.openWindow();
      await scene.signIn(window, tool.refreshesS === undefined ? undefined : tool.refreshesS + EARLY_S);
      const run = await scene.runTool();
      assert.ok(run.works, run.output);
      assert.deepEqual({ ours: scene.ours.refreshes, its: scene.theirs.refreshes }, { ours: 0, its: 0 });
      row.reads = tool.profile === 'legacy' ? 'yes, in profiles without an sso-session' : 'yes';
    });

    if (tool.refreshesS === undefined) {
      it('never refreshes it, and goes on once we have', async () => {
        await using scene = await Scene.open(tool);
        const ours = scene.ours.holdNextRefresh();
        const window = await scene.openWindow();
        const token = await scene.signIn(window, SHORT_S);
        await scene.untilDue(token);
        const before = await scene.runTool();
        assert.deepEqual({ works: before.works, its: scene.theirs.refreshes }, { works: false, its: 0 });
        await ours.release();
        await scene.untilReplaced(token);
        const after = await scene.runTool();
        assert.ok(after.works, after.output);
        row.refreshes = 'never; it works again once we have refreshed';
      });
      return;
    }

    it('refreshes it by itself, and we take that over without a request', async () => {
      await using scene = await Scene.open(tool);
      const { window: first, token } = await signedIn(scene, tool);
      await first[Symbol.asyncDispose]();
      await scene.untilDue(token);
      const before = await stat(scene.sharedFile);
      const run = await scene.runTool();
      assert.ok(run.works, run.output);
      assert.equal(scene.theirs.refreshes, 1);
      const refreshed = await scene.sharedToken();
      const written = await readFile(scene.sharedFile, 'utf8');
      const isSameFile = (await stat(scene.sharedFile)).ino === before.ino;

      const window = await scene.openWindow();
      await window.refresh();
      assert.equal(await accessTokenOf(window), refreshed?.accessToken);
      assert.ok(await scene.center.isTokenActive(refreshed?.accessToken ?? ''));
      assert.deepEqual({ ours: scene.ours.refreshes, shown: window.shown }, { ours: 0, shown: [] });
      const again = await scene.runTool();
      assert.ok(again.works, again.output);
      row.refreshes = `${whenOf(tool)}; we take it over, without a request`;
      row.writes = `${isSameFile ? 'in place' : 'a new file'}; ${timeFormOf(written)}`;
    });

    it('is called as we refresh, and whoever has to sign in again is told', async () => {
      const outcomes: Outcome[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const outcome = await beginAtOnce(tool);
        assertTold(outcome);
        outcomes.push(outcome);
      }
      const good = outcomes.filter(({ lost }) => lost === 'neither').length;
      row.beginAtOnce = `${good} of ${ROUNDS} times neither has to sign in again`;
    });

    it('has sent the token that we have also sent and the service has refreshed for us: the user is notified', async () => {
      const outcome = await sendAtOnce(tool, 'ours');
      assertTold(outcome);
      row.oursFirst = inWords(outcome);
    });

    it('has refreshed the token that we have also sent: the user is notified', async () => {
      const outcome = await sendAtOnce(tool, 'its');
      assertTold(outcome);
      row.itsFirst = inWords(outcome);
    });
  });
}

describe('The table of sharing in docs/interop.md', () => {
  it('reports what this run has seen', async () => {
    await checkTable(SHARING_TABLE, TOOLS.map(keyOf), rows, (documented, seen) =>
      assert.deepEqual(documented && steady(documented), steady(seen)),
    );
  });
});

function keyOf({ name, place }: Tool): Pick<Row, 'tool' | 'from'> {
  return { tool: name, from: PLACE_TITLES[place] };
}

/** Whoever loses the session hears it from us, once. */
function assertTold({ lost, told }: Outcome): void {
  assert.equal(told, lost === 'both' || lost === 'we' ? 1 : 0);
}

const whenOf = ({ refreshesS = 0 }: Tool): string =>
  refreshesS === 0 ? 'once it has ended' : `from ${refreshesS / 60} min before its end`;

/** How the tool writes times. */
function timeFormOf(written: string): string {
  const time = /"expiresAt":\s*"(?<time>[^"]+)"/i.exec(written)?.groups?.['time'] ?? '';
  const decimals = /\.(?<digits>\d+)/.exec(time)?.groups?.['digits']?.length ?? 0;
  const unit = decimals === 0 ? 'whole seconds' : `${decimals} decimals`;
  return `${unit}, ${time.endsWith('Z') ? 'UTC' : 'local time with an offset'}`;
}
