import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { root } from './process.ts';

interface SdkPartition {
  readonly id: string;
  readonly outputs: { readonly dnsSuffix: string; readonly dualStackDnsSuffix: string };
  readonly regionRegex: string;
  readonly regions: Readonly<Record<string, { readonly description: string }>>;
}

/** Where the AWS SDK keeps what AWS says of its partitions and regions. */
const SDK_DATA = join(
  root,
  'node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js',
);

const PARTITIONS_FILE = join(root, 'src/oidc/partitionData.ts');
const REGIONS_FILE = join(root, 'src/connections/regionData.ts');
const NOTE = '// Written by `npm run regions` from the data of the AWS SDK: do not edit.\n';

/** The files that hold AWS's partitions and regions, by path, as the installed AWS SDK has them now. */
export async function awsRegionData(): Promise<ReadonlyMap<string, string>> {
  const { partitionsInfo } = (await import(pathToFileURL(SDK_DATA).href)) as {
    readonly partitionsInfo: { readonly partitions: readonly SdkPartition[] };
  };
  const { partitions } = partitionsInfo;
  return new Map([
    [PARTITIONS_FILE, await formatted(PARTITIONS_FILE, partitionsText(partitions))],
    [REGIONS_FILE, await formatted(REGIONS_FILE, regionsText(partitions))],
  ]);
}

/** A partition's pseudo-region, such as `aws-global`, names no place. */
const isPlace = (id: string): boolean => !id.endsWith('-global');

function partitionsText(partitions: readonly SdkPartition[]): string {
  const entries = partitions.map(({ id, outputs, regionRegex, regions }) => {
    const pattern = regionRegex.replace(/^\^|\$$/g, '').replaceAll(String.raw`\-`, '-');
    const all = [pattern, ...Object.keys(regions).filter((region) => !isPlace(region))].join('|');
    const { dnsSuffix, dualStackDnsSuffix } = outputs;
    return `{ name: '${id}', regions: /^(?:${all})$/, dnsSuffix: '${dnsSuffix}', dualStackDnsSuffix: '${dualStackDnsSuffix}' },`;
  });
  return `${NOTE}
/** AWS's partitions: regions that share their DNS names. Regions that AWS opens later match too. */
export const PARTITIONS = [${entries.join('\n')}] as const;
`;
}

function regionsText(partitions: readonly SdkPartition[]): string {
  const entries = partitions.flatMap(({ id, regions }) =>
    Object.entries(regions)
      .filter(([region]) => isPlace(region))
      .map(([region, { description }]) => `['${region}', ${JSON.stringify(description)}, '${id}'],`),
  );
  return `${NOTE}
/** AWS's regions: code, name and partition. */
export const REGION_DATA = [${entries.join('\n')}] as const;
`;
}

async function formatted(file: string, text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}
