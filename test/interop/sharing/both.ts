import type { CliToken } from '../../../src/awsCli/files/cliCache.ts';
import type { Window } from '../editor/window.ts';
import type { HeldRefresh } from './gate.ts';
import { Scene } from './scene.ts';
import type { ToolRun } from './scene.ts';
import type { Tool } from './tools.ts';

/** Who is still signed in, once both sides have tried again. */
export type Left = 'neither' | 'it' | 'we' | 'both';

const LEFT: Readonly<Record<Left, string>> = {
  neither: 'neither has to sign in again',
  it: 'it has to sign in again',
  we: 'we have to sign in again',
  both: 'both have to sign in again',
};

/** What came of a token that both sides refresh. */
export interface Outcome {
  /** The call of the tool that refreshed, or would have. */
  readonly run: ToolRun;
  /** Who has to sign in again. */
  readonly lost: Left;
  /** How often the user was told that a session is over. */
  readonly told: number;
}

/** `outcome` for the table. */
export function inWords({ run, lost }: Outcome): string {
  return `it ${run.works ? 'works' : 'fails'}; ${LEFT[lost]}`;
}

/** A token that a tool refreshes only once it has ended; in seconds. */
export const SHORT_S = 5;
/** How long before the tool would refresh it a token comes that it should, in seconds. */
const LATE_S = 30;

/** A window, signed in with a token that the tool refreshes whenever it uses it. */
export async function signedIn(
  scene: Scene,
  { refreshesS = 0 }: Tool,
): Promise<{ readonly window: Window; readonly token: CliToken }> {
  const window = await scene.openWindow();
  return { window, token: await scene.signIn(window, Math.max(refreshesS - LATE_S, SHORT_S)) };
}

/** Our refresh is on its way as the user calls the tool. */
export async function beginAtOnce(tool: Tool): Promise<Outcome> {
  await using scene = await Scene.open(tool);
  const ours = scene.ours.holdNextRefresh();
  const { window, token } = await signedIn(scene, tool);
  const refreshing = refresh(window, tool, ours);
  await ours.arrived;
  await scene.untilDue(token);
  const [run] = await Promise.all([scene.runTool(), ours.release(), refreshing]);
  return await outcomeOf(scene, window, run);
}

/** Both have read the same refresh token and sent it, before either has an answer. */
export async function sendAtOnce(tool: Tool, first: 'ours' | 'its'): Promise<Outcome> {
  await using scene = await Scene.open(tool);
  const ours = scene.ours.holdNextRefresh();
  const its = scene.theirs.holdNextRefresh();
  const { window, token } = await signedIn(scene, tool);
  const refreshing = refresh(window, tool, ours);
  await ours.arrived;
  await scene.untilDue(token);
  const running = scene.runTool();
  await Promise.race([its.arrived, running.then(failedEarly)]);
  const [quicker, slower] = first === 'ours' ? [ours, its] : [its, ours];
  await quicker.release();
  await (first === 'ours' ? scene.untilReplaced(token) : running);
  await slower.release();
  const run = await running;
  await refreshing;
  return await outcomeOf(scene, window, run);
}

/** Our refresh, from its beginning to its end. */
async function refresh(window: Window, { refreshesS }: Tool, { arrived }: HeldRefresh): Promise<void> {
  if (refreshesS === 0) {
    // Before the tool begins to, at the token's end, the extension does so by itself: this joins it.
    await arrived;
  }
  await window.refresh();
}

function failedEarly({ output }: ToolRun): never {
  throw new Error(`The tool has ended without a refresh.\n${output}`);
}

async function outcomeOf(scene: Scene, window: Window, run: ToolRun): Promise<Outcome> {
  await scene.runTool();
  await window.refresh();
  const token = await accessTokenOf(window);
  const areWe = token !== undefined && (await scene.center.isTokenActive(token));
  const isIt = (await scene.runTool()).works;
  const told = window.shown.filter((text) => text.includes('no longer renews this session')).length;
  return { run, told, lost: areWe ? (isIt ? 'neither' : 'it') : isIt ? 'we' : 'both' };
}

/** What an extension that asks for a session gets. */
export async function accessTokenOf(window: Window): Promise<string | undefined> {
  const session = await window.read();
  return session.kind === 'signedIn' ? session.accessToken : undefined;
}
