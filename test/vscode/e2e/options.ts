import * as v from 'valibot';

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

/** What the end-to-end tests are told from outside. */
export type EndToEndOptions = v.InferOutput<typeof EndToEndOptions>;

/** The environment variable that carries the options, as JSON. */
export const END_TO_END_OPTIONS = 'END_TO_END_OPTIONS';

/** Reads the options. @throws ValiError when they are not there */
export function readEndToEndOptions(env: Readonly<Record<string, string | undefined>>): EndToEndOptions {
  return v.parse(EndToEndOptions, JSON.parse(env[END_TO_END_OPTIONS] ?? '{}'));
}
