/** What the tests have in common that hold our clients beside AWS's SDK. */
import assert from 'node:assert/strict';
import type { SchemaRef, StaticErrorSchema, StaticStructureSchema } from '@smithy/types';
import { present } from './sdk.ts';
import { readTable, writeTable } from './apiTable.ts';
import type { ApiTable } from './apiTable.ts';

const README = new URL('../../README.md', import.meta.url);
const TABLE_FILE = new URL('../../docs/api.md', import.meta.url);

/** A region of each partition. */
export const PARTITIONS = [
  ['aws', 'eu-central-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
  ['aws-eusc', 'eusc-de-east-1'],
  ['aws-iso', 'us-iso-east-1'],
  ['aws-iso-b', 'us-isob-east-1'],
  ['aws-iso-e', 'eu-isoe-west-1'],
  ['aws-iso-f', 'us-isof-south-1'],
] as const;

/** The kinds of hosts that a region has. */
export const VARIANTS = [
  ['', false, false],
  [', FIPS', true, false],
  [', dual-stack', false, true],
  [', FIPS and dual-stack', true, true],
] as const;

/** As the table names a test. */
export function titleOf({ test }: Mocha.Context): string {
  return present(test).titlePath().slice(1).join(' ');
}

/** Calls `make` once, when it is first needed. */
export function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** The exceptions of AWS's model, from the SDK's own copy of it. */
export function modelledErrors(
  sdk: object,
  namespace: string,
): { name: string; status: number; members: readonly string[] }[] {
  return Object.values(sdk)
    .filter((schema): schema is StaticErrorSchema => Array.isArray(schema) && schema[0] === -3)
    .filter((schema) => schema[1] === namespace)
    .map(([, , name, traits, members]) => ({
      name,
      status: (traits as { readonly httpError: number }).httpError,
      members,
    }));
}

/** The names of a structure's members in AWS's model. */
export function membersIn(schema: SchemaRef): readonly string[] {
  const structure = typeof schema === 'function' ? schema() : schema;
  return (structure as StaticStructureSchema)[4];
}

/** A function that collects what of the model no test has shown. */
export function missingIn(table: ApiTable): {
  readonly missing: readonly string[];
  readonly need: (subject: string, kind: string, item: string) => void;
} {
  const missing: string[] = [];
  return {
    missing,
    need(subject, kind, item) {
      if (!table.has(subject, kind, item)) {
        missing.push(`${subject}: ${item} ${kind}`);
      }
    },
  };
}

/**
 * Compares what the tests have shown of a service with what docs/api.md and the README say, or writes it there.
 * @param inReadme what the README shows; the rest would bury it
 */
export async function assertDocumented(
  service: string,
  table: ApiTable,
  inReadme: ReadonlySet<string>,
): Promise<void> {
  const [rendered, byTest] = [table.render(), table.renderByTest(inReadme)];
  if (process.env['UPDATE_API_TABLE'] !== undefined) {
    await writeTable(TABLE_FILE, service, rendered);
    await writeTable(README, service, byTest);
  }
  assert.equal(await readTable(TABLE_FILE, service), rendered);
  assert.equal(await readTable(README, service), byTest);
}
