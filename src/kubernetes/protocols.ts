import type { Protocol } from '../model/cluster.ts';

/** All that Kubernetes knows. */
export const PROTOCOLS: readonly string[] = ['TCP', 'UDP', 'SCTP'];

/** The protocol of a port that is known to be valid; absent or empty means TCP. */
export function toProtocol(protocol: string | null | undefined): Protocol {
  return protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP';
}
