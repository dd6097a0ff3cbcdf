import type { Picture } from '../graph/picture.ts';
import type { ChainDrift, RuleOwner } from '../lang/iptables/compare/drift.ts';
import { type RuleCounts, touchesNothing } from './count-rules.ts';
import type { NodeTraffic } from './node-traffic.ts';
import type { SortedDrift } from './service-drift.ts';
import type { TrafficDiff } from './traffic/traffic-diff.ts';

/** All that there is to say about two sides of manifests. */
export interface TrafficReport {
  readonly diff: TrafficDiff;
  /** undefined: not counted, in a mode whose rules are not laid out in tables and chains. */
  readonly rules: RuleReport | undefined;
  /** What is allocated comes from a lock file. */
  readonly hasLock: boolean;
  /** Draws a Service as it is to be, by `namespace/name`; undefined: there is none of that name then. */
  readonly pictureOf: (service: string) => Picture | undefined;
}

/** How much of a node's rules differs. */
export interface RuleReport {
  readonly counts: RuleCounts;
  readonly owner: RuleOwner;
  /** Other nodes have other rules for what differs. */
  readonly dependsOnNode: boolean;
}

/** Whether nothing changes. */
export function isSame({ diff, rules }: TrafficReport): boolean {
  if (diff.services.length + diff.node.length > 0) return false;
  return rules === undefined || touchesNothing(rules.counts);
}

/** How the rules of a node differ from those that manifests want. Plain data: printers make text of it. */
export interface DriftReport {
  readonly chains: readonly ChainDrift[];
  /** The same by the Services that it is about. */
  readonly sorted: SortedDrift;
  /** What takes connections to the Service that they are for. */
  readonly findsServicesBy: 'chains of nat' | 'virtual servers';
  readonly owner: RuleOwner;
  /** The versions of kube-proxy that the rules tell, and the one that they are compared with; absent: nothing tells. */
  readonly kubernetes?: { readonly told: string; readonly taken: string };
  /** What counts where an older kube-proxy made the rules: chains are not compared then. */
  readonly traffic?: NodeTraffic;
}

/** Whether the node does what is wanted. */
export function isAsWanted({ chains, traffic }: DriftReport): boolean {
  return (
    chains.length === 0 && (traffic === undefined || traffic.differing.length + traffic.unwanted.length === 0)
  );
}
