import type { Rule } from '../iptables/ruleset.ts';

/** A chain that is ours, and its rules. */
export interface OwnChain {
  readonly table: string;
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** What a chain is for, and whom it belongs to: as manifests say, or at least a comment of its rules. */
export interface ChainPurpose {
  readonly role: string;
  readonly of?: string;
  readonly comment?: string;
}
