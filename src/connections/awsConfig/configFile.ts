import { unlessMissing } from '../../common/files/missingFile.ts';
import { readRegularBytes } from '../../common/files/regularFile.ts';
import { parseConfigBytes } from './grammar.ts';
import type { ParsedFile } from './grammar.ts';

/** What a file that isn't there says. */
export const NO_FILE: ParsedFile = { sections: new Map(), refusals: [] };

/**
 * What is in one of the AWS CLI's two files: nothing where there is no such file.
 * @throws UnsuitableFile; what the file system says
 */
export async function readConfigFile(path: string): Promise<ParsedFile> {
  const file = await unlessMissing(readRegularBytes(path));
  return file === undefined ? NO_FILE : parseConfigBytes(file.bytes);
}
