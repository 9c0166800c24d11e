import type { Answer } from '../host/scriptedUser.ts';
import { readSuiteOptions } from './options.ts';

/** Says how the user answers the sign-ins from now on. */
export async function answerSignIns(answer: Answer): Promise<void> {
  const { answerUrl } = readSuiteOptions(process.env);
  const response = await fetch(answerUrl, { method: 'POST', body: JSON.stringify(answer) });
  if (!response.ok) throw new Error(`The answer was not taken: HTTP status ${response.status}.`);
}
