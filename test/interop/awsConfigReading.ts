import { NO_FILE, parseConfigBytes } from '../../src/connections/awsConfig/configFile.ts';
import { splitLines, strip } from '../../src/connections/awsConfig/grammar.ts';
import type { Section } from '../../src/connections/awsConfig/grammar.ts';
import {
  configSections,
  credentialsSections,
  mergedProfiles,
} from '../../src/connections/awsConfig/sections.ts';
import type { NamedSection } from '../../src/connections/awsConfig/sections.ts';
import type { BotocoreAnswer } from './botocoreReader.ts';

/**
 * How our reading of AWS's files and botocore's are compared. They differ on purpose in two ways, which this file
 * evens out:
 * - botocore refuses a whole file, and with it everything; ours notes why, and reads on.
 * - botocore makes a dictionary of a value that begins on the next line; ours keeps its text, and makes one only of the
 *   keys that need it (`services`).
 */

/** What our parser makes of the files, in botocore's terms. */
export function ours(config: Uint8Array, credentials?: Uint8Array): object {
  const parsed = parseConfigBytes(config);
  const access = credentials === undefined ? NO_FILE : parseConfigBytes(credentials);
  if (parsed.refusals.length > 0 || access.refusals.length > 0) {
    return { refused: true };
  }
  const { profiles, ssoSessions } = configSections(parsed, 'config');
  const merged = mergedProfiles(profiles, credentialsSections(access, 'credentials'));
  return { profiles: byName(merged), ssoSessions: byName(ssoSessions) };
}

/** What botocore makes of them, without its words for what it refuses. */
export function theirs(answer: BotocoreAnswer): object {
  return 'refused' in answer ? { refused: true } : answer;
}

function byName(sections: ReadonlyMap<string, NamedSection>): object {
  return Object.fromEntries([...sections].map(([name, { values }]) => [name, plain(values)]));
}

function plain(values: Section): object {
  return Object.fromEntries(
    [...values].map(([key, value]) => [key, value.startsWith('\n') ? nested(value) : value]),
  );
}

/** What botocore makes of a value that begins on the next line. */
function nested(text: string): object {
  return {
    nested: Object.fromEntries(
      splitLines(text)
        .map(strip)
        .filter((line) => line !== '')
        .map((line) => {
          const [key = '', ...rest] = line.split('=');
          return [strip(key), strip(rest.join('='))];
        }),
    ),
  };
}
