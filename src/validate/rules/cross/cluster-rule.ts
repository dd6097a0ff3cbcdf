import type { Cluster } from '../../../model/cluster.ts';
import type { ClusterFinding, RuleContext, RuleRecord } from '../../rule.ts';
import type { ClusterView } from './view/cluster-view.ts';

/** A rule about several objects: they run once, after every object was checked on its own. */
export interface ClusterRule extends RuleRecord {
  readonly check: (cluster: Cluster, context: ClusterContext) => Iterable<ClusterFinding>;
}

/** What rules over the whole cluster know beside it. */
export interface ClusterContext extends RuleContext {
  readonly view: ClusterView;
}
