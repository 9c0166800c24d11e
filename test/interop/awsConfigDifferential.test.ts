import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { CORPUS } from './awsConfigCorpus.ts';
import { RECORDED, record } from './awsConfigRecorded.ts';
import { ours, theirs } from './awsConfigReading.ts';
import { BotocoreReader, findBotocore } from './botocoreReader.ts';

const botocore = findBotocore();
const RUNS = Number(process.env['DIFFERENTIAL_RUNS'] ?? 2000);

const space = fc.constantFrom('', '', '', ' ', '  ', '\t', '\u00a0', '\u2003', '\x1c');
const name = fc.constantFrom(
  'dev',
  'DEV',
  'a b',
  '"my prof"',
  "'My Corp'",
  'x\\ y',
  '"un',
  '\u00fcml',
  'default',
  'a"b c"d',
  "$'x'",
  'a$"b"',
  String.raw`"a\$"`,
  '""',
  '__proto__',
);
const header = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('profile', 'sso-session', 'profile-old', 'profiles', 'services', 'sso-sessionx'),
      fc.constantFrom(' ', '  ', '\t', ''),
      name,
    )
    .map((parts) => parts.join('')),
  fc.constantFrom('default', 'DEFAULT', 'preview', 'Default', ' default', 'a]b'),
);
const key = fc.constantFrom(
  'sso_start_url',
  'SSO_START_URL',
  'sso_region',
  'sso_session',
  'region',
  's3',
  'a b',
  'x',
  '',
  '__proto__',
);
const value = fc.oneof(
  fc.constantFrom(
    '',
    'v',
    'https://d-1.awsapps.com/start#/',
    'a ; b',
    'a # b',
    'eu-west-1',
    'a = b',
    'a:b',
    '"q"',
    '\ufeff',
    'x\u2028y',
    'x\vy',
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll(/[\r\n]/g, '')),
);
const line = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('[', '[', ' ['), header, fc.constantFrom(']', ']', '] # text', ']x', ''))
      .map((parts) => parts.join('')),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(space, key, space, fc.constantFrom('=', '=', '=', ':', ' ', ''), space, value, space)
      .map((parts) => parts.join('')),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('  ', '    ', '\t'),
        fc.constantFrom('more', 'a = b', 'sso:account:access', '# c', '; d', '[x]'),
      )
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.constantFrom('', ' ', '# comment', ' ; comment', 'just words') },
);
const goodMore = fc.constantFrom('  more', '\t a = b', '    sso:account:access,', '# c', ' ; d', '  [x]', '');
const lineEnd = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r');
const textOf = (lines: readonly (readonly [string, string])[]): string =>
  lines.map(([text, end]) => text + end).join('');
/** Anything at all, most of which is refused. */
const wildFile = fc
  .tuple(fc.constantFrom('', '', '', '\ufeff'), fc.array(fc.tuple(line, lineEnd), { maxLength: 14 }))
  .map(([start, lines]) => start + textOf(lines));
/** Sections and keys that differ, as a user writes them. */
const goodSection = fc.tuple(
  header,
  fc.uniqueArray(
    fc.tuple(
      key,
      fc.constantFrom('=', ' = ', ':', ' : '),
      value,
      fc.array(fc.tuple(goodMore, lineEnd), { maxLength: 2 }),
    ),
    {
      selector: ([option]) => option.toLowerCase(),
      maxLength: 4,
    },
  ),
  lineEnd,
);
const goodFile = fc
  .uniqueArray(goodSection, { selector: ([title]) => title, maxLength: 5 })
  .map((sections) =>
    sections
      .map(([title, options, end]) =>
        [
          `[${title}]${end}`,
          ...options
            .filter(([option]) => option !== '')
            .map(([option, sign, text, more]) => `${option}${sign}${text}${end}${textOf(more)}`),
        ].join(''),
      )
      .join(''),
  );
/** Sections whose names are those of profiles in the other file, and others. */
const credentialsFile = fc.oneof(
  { weight: 6, arbitrary: goodFile.map((text) => text.replaceAll(/^\[profile +/gm, '[')) },
  { weight: 1, arbitrary: wildFile },
);
const latin1 = fc
  .tuple(goodFile, fc.constantFrom('\xe4', '\xff\xfe'))
  .map(([text, odd]) => Buffer.concat([Buffer.from(text), Buffer.from(odd, 'latin1')]));
const file = fc.oneof(
  { weight: 10, arbitrary: goodFile.map((text) => Buffer.from(text)) },
  { weight: 5, arbitrary: wildFile.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: latin1 },
);

describe("the AWS CLI's files, beside botocore", function () {
  this.timeout(Math.max(600_000, 300 * RUNS));
  let reader: BotocoreReader;

  before(function () {
    if (botocore === undefined) {
      this.skip();
    }
    reader = new BotocoreReader(botocore.python);
  });
  after(() => reader?.[Symbol.dispose]());

  it('are read as botocore reads them: names, keys, values and refusals', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(file, async (config) => {
        const expected = theirs(await reader.read(config));
        accepted += Number(!('refused' in expected));
        assert.deepEqual(ours(config), expected);
      }),
      { numRuns: RUNS },
    );
    console.log(`      ${RUNS} files, ${accepted} of them accepted, botocore ${botocore?.version}`);
  });

  it('are put together as botocore does: keys of the credentials file count first', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(goodFile, credentialsFile, async (config, credentials) => {
        const files = [Buffer.from(config), Buffer.from(credentials)] as const;
        const expected = theirs(await reader.read(...files));
        accepted += Number(!('refused' in expected));
        assert.deepEqual(ours(...files), expected);
      }),
      { numRuns: RUNS / 4 },
    );
    console.log(`      ${RUNS / 4} pairs, ${accepted} of them accepted, botocore ${botocore?.version}`);
  });

  it('of real shapes are read by the installed botocore as recorded (RECORD=1 records again)', async () => {
    const results = new Map<string, object>();
    for (const { shape, config, credentials } of CORPUS) {
      results.set(shape, theirs(await reader.read(config, credentials)));
    }
    if (process.env['RECORD'] === '1') {
      await record(results, botocore?.version ?? '');
    } else {
      assert.deepEqual(Object.fromEntries(results), RECORDED.results);
    }
  });
});
