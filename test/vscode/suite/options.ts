import * as v from 'valibot';

const SuiteOptions = v.object({
  /** An entry for `awsSso.connections`: an Identity Center where every sign-in is answered at once. */
  connection: v.object({
    name: v.string(),
    startUrl: v.string(),
    region: v.string(),
    endpointUrl: v.string(),
  }),
  /** Where to say how the next sign-ins are answered: see `ScriptedUser`. */
  answerUrl: v.string(),
  /** Where the report goes, and the counts as JSON. */
  reportFile: v.string(),
  countsFile: v.string(),
});

/** What the suite in the extension host is told from outside. */
export type SuiteOptions = v.InferOutput<typeof SuiteOptions>;

/** The environment variable that carries the options, as JSON, into the extension host. */
export const SUITE_OPTIONS = 'SUITE_OPTIONS';

/** Reads the options. @throws ValiError when they are not there */
export function readSuiteOptions(env: Readonly<Record<string, string | undefined>>): SuiteOptions {
  return v.parse(SuiteOptions, JSON.parse(env[SUITE_OPTIONS] ?? '{}'));
}
