import * as v from 'valibot';

/** An editor, with its user and its browser. */
const EndToEndOptions = v.object({
  /** Where the browser is, for Playwright. */
  browserEndpoint: v.string(),
  /** The page of the editor. */
  editorUrl: v.string(),
  /** Restarts the editor's server on a POST, which is answered when it is there again. */
  restartUrl: v.string(),
  /** What the editor's server writes. */
  serverLog: v.string(),
  /** VS Code's folder with the user's settings and the extensions' storage. */
  userFolder: v.string(),
  /** What the consumer extension did, a JSON value a line. */
  consumerLog: v.string(),
  /** The port where an Identity Center stands for AWS: the one that the AWS CLI would call. */
  awsPort: v.number(),
  /** Where screenshots go. */
  screenshots: v.string(),
});

/** What the end-to-end tests are told from outside: of one of the editors, in which no other test is at the same time. */
export type EndToEndOptions = v.InferOutput<typeof EndToEndOptions>;

/** The environment variable that carries the options of all editors, as JSON. */
export const END_TO_END_OPTIONS = 'END_TO_END_OPTIONS';

/** Reads the options of the editor that is for this process of Mocha. @throws Error when they are not there */
export function readEndToEndOptions(env: Readonly<Record<string, string | undefined>>): EndToEndOptions {
  const editors = v.parse(v.array(EndToEndOptions), JSON.parse(env[END_TO_END_OPTIONS] ?? '[]'));
  const editor = editors[Number(env['MOCHA_WORKER_ID'] ?? 0)];
  if (editor === undefined) throw new Error('There is no editor for these tests.');
  return editor;
}
