import { PARTITIONS } from './partitionData.ts';

/** A group of AWS regions that share their DNS names. */
export interface Partition {
  readonly name: PartitionName;
  /** The regions of the partition, those AWS opens later included, and its pseudo-region. */
  readonly regions: RegExp;
  readonly dnsSuffix: string;
  readonly dualStackDnsSuffix: string;
}

export type PartitionName = (typeof PARTITIONS)[number]['name'];

/** The partition of `region`; as in AWS's own rules, one that no partition knows counts as `aws`. */
export function partitionOf(region: string): Partition {
  const [aws] = PARTITIONS;
  return PARTITIONS.find(({ regions }) => regions.test(region)) ?? aws;
}
