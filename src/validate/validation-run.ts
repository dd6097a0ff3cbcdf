import type { Collector } from '../diagnostic/collector.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type {
  EndpointSlice,
  Endpoints,
  Node,
  ObjectMeta,
  Pod,
  Service,
  ServiceCIDR,
  Workload,
} from '../model/cluster.ts';
import type { Manifest } from '../model/manifest.ts';
import type { AlternativeTest } from './alternatives.ts';
import type { Finding, Report, RuleContext } from './rule.ts';
import type { Shapes } from './shape/shape.ts';

/** What one call of `validate` gathers while it goes through the manifests. */
export interface ValidationRun {
  readonly context: RuleContext;
  readonly found: Collector<Diagnostic>;
  readonly cluster: ClusterDraft;
  /** How many manifests of kinds that we read are right on their own, how many are wrong, and how many are not whole. */
  readonly tally: { valid: number; invalid: number; unfinished: number };
  /** Known when all objects are: before that, none are alternatives. */
  readonly areAlternatives: AlternativeTest;
  /** Objects of the cluster that contradict others. */
  readonly contradictory: Set<ObjectMeta>;
  /** Objects that have errors, and so are not in the cluster: `Service default/web`. */
  readonly withheld: Set<string>;
  /** Those that hold placeholders, which is all that is said of them. */
  readonly unrendered: WeakSet<Manifest>;
  /** Those that lack what a build or the cluster may add. */
  readonly incomplete: WeakSet<Manifest>;
  /** Objects of kinds that we don't read. */
  readonly unread: Manifest[];
  /** Those kinds, and how many of each there were. */
  readonly ignored: Map<string, number>;
  /** What the rule that is running has found in the object at hand; empty between rules. */
  readonly findings: KeptFindings;
  /** Takes what a rule finds into `findings`. */
  readonly report: Report;
  /** The shapes as data, read when the first object deviates. */
  readonly shapes: () => Shapes;
}

export interface ClusterDraft {
  readonly services: Service[];
  readonly endpoints: Endpoints[];
  readonly endpointSlices: EndpointSlice[];
  readonly pods: Pod[];
  readonly nodes: Node[];
  readonly workloads: Workload[];
  readonly serviceCIDRs: ServiceCIDR[];
}

/** What a rule finds in one object: the first findings, and how many more there are. */
export interface KeptFindings {
  readonly kept: Finding[];
  more: number;
}
