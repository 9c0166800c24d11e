import { isUtf8 } from 'node:buffer';

import { unlessMissing } from '../../common/files/missingFile.ts';
import { readRegularBytes } from '../../common/files/regularFile.ts';
import { parseConfigText } from './grammar.ts';
import type { ParsedFile } from './grammar.ts';

/** What a file that isn't there says. */
export const NO_FILE: ParsedFile = { sections: new Map(), defaults: new Map(), refusals: [] };

/**
 * What is in one of the AWS CLI's two files: nothing where there is no such file.
 * @throws UnsuitableFile; what the file system says
 */
export async function readConfigFile(path: string): Promise<ParsedFile> {
  const file = await unlessMissing(readRegularBytes(path));
  return file === undefined ? NO_FILE : parseConfigBytes(file.bytes);
}

/** Reads a file's bytes. What is not UTF-8 is noted as a refusal; UTF-16 is read all the same, the rest is replaced. */
export function parseConfigBytes(bytes: Uint8Array): ParsedFile {
  const utf16 = utf16Label(bytes);
  if (utf16 !== undefined) {
    const parsed = parseConfigText(new TextDecoder(utf16).decode(bytes));
    return { ...parsed, refusals: [{ kind: 'notUtf8', line: 1 }] };
  }
  // The byte order mark stays: the AWS CLI refuses a file that begins with one.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const parsed = parseConfigText(text);
  const line = firstInvalidLine(bytes);
  return line === undefined
    ? parsed
    : { ...parsed, refusals: [{ kind: 'notUtf8', line }, ...parsed.refusals] };
}

function utf16Label([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (first === 0xff && second === 0xfe) {
    return 'utf-16le';
  }
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

const NEWLINE = 0x0a;

function firstInvalidLine(bytes: Uint8Array): number | undefined {
  if (isUtf8(bytes)) {
    return undefined;
  }
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    if (!isUtf8(bytes.subarray(start, end))) {
      return line;
    }
    start = end;
  }
  return line;
}
