import { isDeepStrictEqual } from 'node:util';
import { eventually } from '../../support/eventually.ts';
import { approve, type ConsumerEvent, type ConsumerSession, type Scene } from './scene.ts';

type Answer = ConsumerEvent['answer'];

const SCOPES_TITLE = /^Scopes, separated by spaces/;

/** Has the consumer sign in with the default scope, where nobody is signed in yet and there is one connection. */
export async function signInConsumer(scene: Scene): Promise<ConsumerSession> {
  const { editor } = scene;
  await editor.run('AWS Consumer: Sign In');
  await editor.dialog.getByRole('button', { name: 'Allow' }).click();
  await editor.userCode.waitFor();
  await approve(scene);
  return eventually('the consumer has a session', () => lastSession(scene));
}

/** The session that the consumer got last. */
export function lastSession(scene: Scene): ConsumerSession | undefined {
  return scene.consumerEvents().findLast(({ answer }) => answer)?.answer?.session;
}

/** Has the consumer ask for a session with these scopes, for which the user may be asked in dialogs. */
export async function requestSession({ editor }: Scene, scopes: readonly string[]): Promise<void> {
  await editor.run('AWS Consumer: Sign In for Scopes…');
  await editor.enter(SCOPES_TITLE, scopes.join(' '));
  await editor.dialog.getByRole('button', { name: 'Allow' }).click();
}

/** Has the consumer ask for these scopes in the Accounts menu, with a badge, as long as there is no session for them. */
export async function requestInMenu(scene: Scene, scopes: readonly string[]): Promise<void> {
  const { length } = scene.consumerEvents();
  await scene.editor.run('AWS Consumer: Request Sign-In for Scopes…');
  await scene.editor.enter(SCOPES_TITLE, scopes.join(' '));
  await nextAnswer(scene, length, scopes);
}

/** What the consumer gets for these scopes without a dialog. */
export async function askSilently(scene: Scene, scopes: readonly string[]): Promise<Answer> {
  const { length } = scene.consumerEvents();
  await scene.editor.run('AWS Consumer: Check Session for Scopes…');
  await scene.editor.enter(SCOPES_TITLE, scopes.join(' '));
  return nextAnswer(scene, length, scopes);
}

/** What the consumer gets for these scopes, after the first `seen` things that it did. */
export async function nextAnswer(scene: Scene, seen: number, scopes: readonly string[]): Promise<Answer> {
  const { answer } = await eventually(`the consumer has an answer for [${scopes.join(' ')}]`, () =>
    scene
      .consumerEvents()
      .slice(seen)
      .find((entry) => entry.answer !== undefined && isDeepStrictEqual(entry.scopes, scopes)),
  );
  return answer;
}
