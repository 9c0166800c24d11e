/** What the tests have in common that hold our clients beside AWS's SDK. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http';
import type {
  ResponseMetadata as SdkMetadata,
  SchemaRef,
  StaticErrorSchema,
  StaticOperationSchema,
  StaticStructureSchema,
} from '@smithy/types';
import type { ResponseMetadata, Result } from '../../src/wire/metadata.ts';
import { listen } from '../support/listen.ts';
import type { Recorder, Recording } from './recorder.ts';
import { present } from './sdk.ts';
import { readTable, writeTable } from './apiTable.ts';
import type { ApiTable } from './apiTable.ts';

const README = new URL('../../README.md', import.meta.url);
const TABLE_FILE = new URL('../../docs/api.md', import.meta.url);

/** A region of each partition. */
const PARTITIONS = [
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
const VARIANTS = [
  ['', false, false],
  [', FIPS', true, false],
  [', dual-stack', false, true],
  [', FIPS and dual-stack', true, true],
] as const;

/** One operation as both clients call it, with a request of its own for each. */
export interface Operation<Ours, Theirs, Request> {
  readonly name: string;
  ours(client: Ours, request: Request): Promise<Result<object>>;
  theirs(client: Theirs, request: Request): Promise<{ readonly $metadata: object }>;
}

/** What both clients sent, and that each returned the whole answer and nothing else. */
export async function sendBoth<Ours, Theirs, Request>(
  recorder: Recorder,
  operation: Operation<Ours, Theirs, Request>,
  ours: readonly [client: Ours, request: Request],
  theirs: readonly [client: Theirs, request: Request],
): Promise<readonly [ours: Recording, theirs: Recording]> {
  recorder.take();
  const { ResponseMetadata: _, ...result } = await operation.ours(...ours);
  const { $metadata: __, ...output } = await operation.theirs(...theirs);
  const [sent, wanted] = recorder.take();
  assert.ok(sent !== undefined && wanted !== undefined, 'both should have sent a request');
  assert.deepEqual(result, sent.answer);
  assert.deepEqual({ ...output }, wanted.answer);
  return [sent, wanted];
}

/** Serves one answer to whatever is asked, an exception as the services send it, while `use` runs. */
export async function whileThrowing<T>(
  exception: { readonly name: string; readonly shape: string; readonly status: number },
  headers: OutgoingHttpHeaders,
  body: object,
  use: (endpoint: URL) => Promise<T>,
): Promise<T> {
  const server = createServer((_, response) => {
    response.writeHead(exception.status, {
      'content-type': 'application/json',
      'x-amzn-errortype': `${exception.name}:http://internal.amazon.com/coral/${exception.shape}/`,
      'x-amzn-requestid': 'request-1',
      'x-amz-id-2': 'host-1',
      ...headers,
    });
    response.end(JSON.stringify(body));
  });
  await using listening = await listen(server);
  return await use(listening.url);
}

/** That our error has the metadata of theirs. */
export function assertSameMetadata(ours: ResponseMetadata, theirs: SdkMetadata): void {
  const { RequestId, HTTPStatusCode, RetryAttempts, HostId, HTTPHeaders } = ours;
  const { requestId, httpStatusCode, attempts = 0, extendedRequestId } = theirs;
  assert.deepEqual(
    { RequestId, HTTPStatusCode, RetryAttempts, HostId },
    {
      RequestId: requestId,
      HTTPStatusCode: httpStatusCode,
      RetryAttempts: attempts - 1,
      HostId: extendedRequestId,
    },
  );
  assert.equal(HTTPHeaders['x-amzn-requestid'], requestId);
}

/** A test for each partition and kind of host, that both resolve it to the same one. */
export function chooseTheSameHosts(
  table: ApiTable,
  subject: string,
  ours: (wanted: { region: string; useFips: boolean; useDualStack: boolean }) => URL,
  theirs: (wanted: { Region: string; UseFIPS: boolean; UseDualStack: boolean }) => { readonly url: URL },
): void {
  for (const [partition, region] of PARTITIONS) {
    for (const [variant, useFips, useDualStack] of VARIANTS) {
      it(`in ${partition}${variant}`, function () {
        const { host } = ours({ region, useFips, useDualStack });
        assert.equal(host, theirs({ Region: region, UseFIPS: useFips, UseDualStack: useDualStack }).url.host);
        table.add({ subject, kind: `${partition}${variant}`, item: host, test: titleOf(this) });
      });
    }
  }
}

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

/** Collects what of the model no test has shown: the members of these operations, and what `need` names besides. */
export function missingIn(
  table: ApiTable,
  operations: readonly StaticOperationSchema[],
): {
  readonly missing: readonly string[];
  readonly need: (subject: string, kind: string, item: string) => void;
} {
  const missing: string[] = [];
  const need = (subject: string, kind: string, item: string): void => {
    if (!table.has(subject, kind, item)) {
      missing.push(`${subject}: ${item} ${kind}`);
    }
  };
  for (const [, , name, , request, response] of operations) {
    membersIn(request).forEach((item) => need(name, 'in the request', item));
    membersIn(response).forEach((item) => need(name, 'in the response', item));
  }
  return { missing, need };
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
