import type { Host } from '../lang/packet/host.ts';
import type { Cluster } from '../model/cluster.ts';
import type { NodeStates } from '../model/node-state.ts';
import type { FoundClient } from './connection/find-client.ts';
import type { WantedTarget } from './connection/parse-target.ts';
import type { WantedClient } from './connection/plan-connection.ts';
import type { NodeChoice } from './notes/findings.ts';
import type { NodeKernel } from './notes/kernel/kernel-question.ts';
import type { RuleSource } from './rule-source.ts';

/** A connection that is to be explained, and all that is known of the node whose rules it meets. */
export interface ExplainRequest {
  readonly client: FoundClient & Pick<WantedClient, 'inInterface' | 'outInterface'>;
  readonly target: WantedTarget;
  readonly rules: RuleSource;
  /** The versions of kube-proxy that the rules of a node tell: `1.31 to 1.33.5`; undefined: none. */
  readonly versions: string | undefined;
  /** The manifests; undefined: there are none. */
  readonly cluster: Cluster | undefined;
  /** What the node serves, for each family that may be meant; empty: without manifests. */
  readonly states: NodeStates;
  readonly nodeName: string | undefined;
  readonly nodeBy: NodeChoice;
  /** The node's own addresses, of both families, as far as they are known. */
  readonly nodeIPs: readonly string[];
  /** What its own text tells of its interfaces and routes. */
  readonly links: Pick<Host, 'interfaces' | 'routes'>;
  /** What the kernel of the node is set to, and remembers; undefined: not known. */
  readonly kernel: NodeKernel | undefined;
}
