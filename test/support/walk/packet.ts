import type { L4Protocol } from '../../../src/model/ruleset.ts';

/** The first packet of a connection. */
export interface Packet {
  readonly source: string;
  readonly destination: string;
  readonly protocol: L4Protocol;
  readonly port: number;
  /** undefined: a process of the node sent it. */
  readonly inInterface: string | undefined;
  readonly mark: number;
  /** The endpoint, when its destination has been rewritten. */
  readonly sentTo?: string;
}

/** What becomes of a connection: one of these endpoints has it, or nobody. */
export interface Outcome {
  /** `ip:port`, sorted. */
  readonly endpoints: readonly string[];
  readonly kind: 'served' | 'rejected' | 'dropped' | 'unserved';
  /** The endpoint sees an address of the node. */
  readonly isMasqueraded: boolean;
}
