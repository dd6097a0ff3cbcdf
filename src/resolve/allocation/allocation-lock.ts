/**
 * What was allocated, to be kept in a file: the same values are allocated again, whatever else changes. Only values
 * that were allocated are in it, never those that manifests hold.
 */
export interface AllocationLock {
  readonly version: 1;
  /** By `namespace/name` of the Service, sorted. */
  readonly services: Readonly<Record<string, LockedService>>;
}

/** What was allocated for one Service; what was not is left out. */
export interface LockedService {
  /** At most one of each family, canonical. */
  readonly clusterIPs?: readonly string[];
  /** By name and protocol of the port, sorted: `http/TCP`; `/TCP` for an unnamed one. */
  readonly nodePorts?: Readonly<Record<string, number>>;
  readonly healthCheckNodePort?: number;
}

/** The text of a lock file: JSON with one value a line, so that merges and reviews are easy. */
export function formatAllocationLock(lock: AllocationLock): string {
  return `${JSON.stringify(lock, null, 2)}\n`;
}
