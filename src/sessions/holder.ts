import * as v from 'valibot';

/**
 * Which process, on which machine. A home folder may be shared by several machines or containers, where a process id
 * alone says nothing: the same number is somebody else's there, or nobody's.
 */
export interface Holder {
  /** Tells this machine or container from others. Nothing secret, and nothing that names a person. */
  readonly machine: string;
  /** Tells this start of the machine from earlier ones: process ids begin anew. */
  readonly boot: string;
  /** Tells the set of processes that can see each other, such as a container's. */
  readonly processNamespace: string;
  readonly pid: number;
}

/** A holder as a file names it. An early version of this extension named the `pid` only. */
export const holderSchema = v.object({
  machine: v.exactOptional(v.string(), ''),
  boot: v.exactOptional(v.string(), ''),
  processNamespace: v.exactOptional(v.string(), ''),
  pid: v.number(),
}) satisfies v.GenericSchema<unknown, Holder>;

/** Whether `a` and `b` can see each other's processes: only then does a look at them tell who is alive. */
export function isSameHost(a: Holder, b: Holder): boolean {
  return a.machine === b.machine && a.boot === b.boot && a.processNamespace === b.processNamespace;
}

/** Whether both are one process. */
export function isSameHolder(a: Holder, b: Holder): boolean {
  return isSameHost(a, b) && a.pid === b.pid;
}
