import type { Protocol } from '../../model/cluster.ts';

/** The protocol of a port that has passed the rules; absent or empty means TCP. */
export function toProtocol(protocol: string | null | undefined): Protocol {
  return protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP';
}
