import type { PartitionName } from '../oidc/partitions.ts';
import { REGION_DATA } from './regionData.ts';

export interface Region {
  /** The region's code, as the services know it. */
  readonly id: string;
  /** The region's name, as AWS writes it. */
  readonly name: string;
  readonly partition: PartitionName;
}

/** The regions that most users select first. */
const FIRST_REGION = 'us-east-1';
const PARTITION_ORDER: readonly PartitionName[] = ['aws', 'aws-us-gov', 'aws-cn', 'aws-eusc'];

/** The regions offered in the picker, the most used ones first. One that is missing here works when it is configured. */
export const REGIONS: readonly Region[] = REGION_DATA.map(([id, name, partition]) => ({
  id,
  name,
  partition,
})).toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));

function rank({ id, partition }: Region): number {
  const index = PARTITION_ORDER.indexOf(partition);
  const partitionRank = index === -1 ? PARTITION_ORDER.length : index;
  return partitionRank * 10 + areaRank(id);
}

/** North America and Europe before the rest, as in AWS's own console. */
function areaRank(id: string): number {
  return id === FIRST_REGION ? 0 : id.startsWith('us-') ? 1 : id.startsWith('eu-') ? 2 : 3;
}
