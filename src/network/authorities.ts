import { readdir, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { getCACertificates } from 'node:tls';

import type { BoundedQueue } from '../common/boundedQueue.ts';
import { unlessMissing } from '../common/files/missingFile.ts';
import { readRegularFile, UnsuitableFile } from '../common/files/regularFile.ts';

/** Certificate authorities, in PEM. */
export interface Authorities {
  /** The ones that come with Node, which every program knows. */
  readonly wellKnown: readonly string[];
  /** The ones that only this machine knows. */
  readonly local: readonly string[];
  /** The environment variables whose files do not answer, or are none: what they name is missing here. */
  readonly unread: readonly string[];
}

/** @param systemCertificates whether the system's authorities are trusted, too */
export type ReadAuthorities = (systemCertificates: boolean) => Promise<Authorities>;

interface AuthoritiesParts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Limits how long the files may take. */
  readonly disk: BoundedQueue;
}

/**
 * Reads the authorities that this machine trusts: Node's own, those of `NODE_EXTRA_CA_CERTS` and, if asked for, the
 * system's. Node reads the files on the thread that everything runs on, whatever they are: so they are checked first.
 * Reading the system's takes a moment the first time.
 */
export function authoritiesReader({ environment, disk }: AuthoritiesParts): ReadAuthorities {
  const unreadOf = async (names: readonly string[]): Promise<readonly string[]> => {
    const answers = await Promise.all(names.map((name) => canRead(name, environment[name] ?? '', disk)));
    return names.filter((_name, index) => answers[index] !== true);
  };
  return async (systemCertificates) => {
    const extra = await unreadOf(['NODE_EXTRA_CA_CERTS']);
    const system = systemCertificates ? await unreadOf(['SSL_CERT_FILE', 'SSL_CERT_DIR']) : [];
    return {
      wellKnown: getCACertificates('bundled'),
      local: [
        ...(extra.length === 0 ? getCACertificates('extra') : []),
        ...(systemCertificates && system.length === 0 ? getCACertificates('system') : []),
      ],
      unread: [...extra, ...system],
    };
  };
}

/** Whether Node can read what a variable names without waiting for it. What is not there, Node passes over. */
async function canRead(name: string, value: string, disk: BoundedQueue): Promise<boolean> {
  if (value === '') {
    return true;
  }
  try {
    const paths = name === 'SSL_CERT_DIR' ? value.split(delimiter) : [value];
    await disk.run(async () => {
      for (const path of paths) {
        await unlessMissing<unknown>(name === 'SSL_CERT_DIR' ? checkFolder(path) : readRegularFile(path));
      }
    });
    return true;
  } catch {
    // Node itself says what else is wrong with them.
    return false;
  }
}

async function checkFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const status = await unlessMissing(stat(join(folder, name)));
    if (status !== undefined && !status.isFile() && !status.isDirectory()) {
      throw new UnsuitableFile('ENOTREG', join(folder, name));
    }
  }
}

/** All of them. */
export function trusted({ wellKnown, local }: Authorities): readonly string[] {
  return [...wellKnown, ...local];
}
