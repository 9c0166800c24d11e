import * as v from 'valibot';

/** A machine, or a container on one, whenever it was started. */
export interface Host {
  /** Distinguishes this machine or container from others. Nothing secret, and nothing that names a user. */
  readonly machine: string;
  /** Identifies the set of processes that can see each other, such as a container's. */
  readonly processNamespace: string;
}

/**
 * Which process, on which machine. A home folder may be shared by several machines or containers, where a process id
 * alone says nothing: the same number is somebody else's there, or nobody's.
 */
export interface Holder extends Host {
  /** Distinguishes this start of the machine from earlier ones: process ids are reused. */
  readonly boot: string;
  readonly pid: number;
}

export const hostSchema = v.object({
  machine: v.string(),
  processNamespace: v.string(),
}) satisfies v.GenericSchema<unknown, Host>;

/** A holder as a file names it. An early version of this extension named the `pid` only. */
export const holderSchema = v.object({
  machine: v.exactOptional(v.string(), ''),
  boot: v.exactOptional(v.string(), ''),
  processNamespace: v.exactOptional(v.string(), ''),
  pid: v.number(),
}) satisfies v.GenericSchema<unknown, Holder>;

/** Whether `a` and `b` can see each other's processes: only then can one check whether the other is alive. */
export function isSameHost(a: Holder, b: Holder): boolean {
  return a.machine === b.machine && a.boot === b.boot && a.processNamespace === b.processNamespace;
}

/**
 * Whether `a` is another machine or container than `b`: then `b` can neither see whether it lives, nor count on a lock
 * to keep it out. One that an early version did not name counts as the same.
 */
export function isElsewhere(a: Host, b: Host): boolean {
  return a.machine !== '' && (a.machine !== b.machine || a.processNamespace !== b.processNamespace);
}

/** Where the holder runs. */
export function hostOf({ machine, processNamespace }: Holder): Host {
  return { machine, processNamespace };
}

/** Whether both are one process. */
export function isSameHolder(a: Holder, b: Holder): boolean {
  return isSameHost(a, b) && a.pid === b.pid;
}
