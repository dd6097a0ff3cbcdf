/** What becomes of a connection: one of these endpoints has it, or nobody. */
export interface Outcome {
  /** `ip:port`, sorted. */
  readonly endpoints: readonly string[];
  readonly kind: 'served' | 'rejected' | 'dropped' | 'unserved';
  /** The endpoint sees an address of the node. */
  readonly isMasqueraded: boolean;
}
