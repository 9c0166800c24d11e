import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { unlessMissing } from '../../../src/common/files/missingFile.ts';
import { placeFolder, SharedFolder } from './places.ts';
import type { Place } from './places.ts';

/** A program as a package of a place. */
export interface Packaged {
  readonly place: Place;
  readonly package: string;
  /** Its version, where that is not the package's. */
  readonly version?: () => Promise<string | undefined>;
}

/** The AWS CLI 1, which its package has in an archive, made for AWS Lambda. */
export const AWS_CLI_1 = join(placeFolder('npm'), 'aws-cli-1', 'awscli');

export async function awsCli1Version(): Promise<string | undefined> {
  const names = (await unlessMissing(readdir(AWS_CLI_1))) ?? [];
  return names
    .map((name) => /^awscli-(?<version>.+)\.dist-info$/.exec(name)?.groups?.['version'])
    .find(Boolean);
}

/** The version of the program; undefined where it is not installed, or its place is missing. */
export async function installedVersion(program: Packaged): Promise<string | undefined> {
  try {
    await using folder = await SharedFolder.make(program.place);
    return await (program.version?.() ?? packageVersion(program, folder));
  } catch {
    return undefined;
  }
}

/** The version of the package; undefined where it is not installed. */
export async function packageVersion(
  { place, package: name }: Packaged,
  folder: SharedFolder,
): Promise<string | undefined> {
  if (place !== 'npm') {
    const query = ['dpkg-query', '--show', '--showformat=${db:Status-Status} ${Version}', name];
    const { output } = await folder.run(query, {});
    return /^installed (?<version>\S+)/.exec(output)?.groups?.['version'];
  }
  const file = join(placeFolder('npm'), 'node_modules', name, 'package.json');
  const text = await unlessMissing(readFile(file, 'utf8'));
  return text === undefined ? undefined : (JSON.parse(text) as { readonly version: string }).version;
}
