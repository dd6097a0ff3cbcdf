import type { CodeRecord } from '../diagnostic/code-record.ts';
import type { ObjectMeta, Workload, WorkloadKind } from '../model/cluster.ts';
import type { FieldPath } from '../model/field-path.ts';
import type { PlacedContainer } from './checks/pod-containers.ts';
import type { SliceSubject } from './defaults/endpoint-slice.ts';
import type { DefaultedService } from './defaults/service.ts';
import type { ServiceRange } from './formats/service-range.ts';
import type * as api from './generated/shapes.js';
import type { RuleCategory, ValidateOptions } from './options.ts';

/** What every rule says of itself, for `svcgen validate --explain CODE` and docs/rules.md. */
export interface RuleRecord extends CodeRecord {
  readonly category: RuleCategory;
}

/** What a rule has found. */
export interface Finding {
  /** Where in the object; of a missing field, its own path all the same. */
  readonly field: FieldPath;
  /** Where it stands, when the API server names a field less exactly than we can (`metadata.labels` for a label). */
  readonly place?: FieldPath;
  /** `key`: the place is that of a map's key, not of its value. */
  readonly at?: 'value' | 'key';
  /** What is wrong, with the value: lower case, no full stop. */
  readonly message: string;
  /** What to do next. */
  readonly hint?: string;
  /** The same, when it depends on how the value is written: `1.10` is the number 1.1. */
  readonly hintFor?: (written: string) => string;
}

/** Takes what a rule finds; a callback, because rules run some hundred thousand times without finding anything. */
export type Report = (finding: Finding) => void;

/** A rule about one object at a time. `Subject`: the object as it came (shape checked), or defaulted. */
export interface ObjectRule<Subject> extends RuleRecord {
  /** It never finds anything in a subject with `isPlain`, and so is not asked. */
  readonly skipsPlain?: true;
  /**
   * It never finds anything in an object none of whose parts (`KindDefinition`) has one of these fields, and so is not asked.
   * undefined: it looks at every object.
   */
  readonly onlyWith?: readonly string[];
  readonly check: (subject: Subject, report: Report, context: RuleContext) => void;
}

export type MetadataRule = ObjectRule<MetadataSubject>;
export type ServiceRule = ObjectRule<DefaultedService>;
export type EndpointsRule = ObjectRule<api.Endpoints>;
export type EndpointSliceRule = ObjectRule<SliceSubject>;
export type PodRule = ObjectRule<PodSubject>;
export type NodeRule = ObjectRule<api.Node>;
export type ServiceCIDRRule = ObjectRule<api.ServiceCIDR>;
export type WorkloadRule = ObjectRule<WorkloadSubject>;

/** A pod's spec and metadata, of a Pod or of the template in a workload, and where they stand. */
export interface PodSubject {
  readonly spec: api.PodSpec;
  /** `['spec']`, or `['spec', 'template', 'spec']`. */
  readonly path: FieldPath;
  readonly metadata: api.ObjectMeta;
  readonly metadataPath: FieldPath;
  readonly isTemplate: boolean;
  /** Placed once: a dozen rules look at them. */
  readonly containers: readonly PlacedContainer[];
  /** What is claimed of volumes beside `spec.volumes`: the claim templates of a StatefulSet. */
  readonly claims: readonly PlacedClaim[];
  /** Empty for a template. */
  readonly status: api.PodStatus;
}

/** A claim of a volume, and where its spec stands. */
export interface PlacedClaim {
  /** "": it has none. */
  readonly name: string;
  readonly spec: api.PersistentVolumeClaimSpec;
  readonly path: FieldPath;
}

/** A workload: what matters of it is its template of pods. */
export interface WorkloadSubject {
  readonly kind: Workload['kind'];
  readonly selector: api.LabelSelector | null | undefined;
  /** undefined: not said. */
  readonly replicas: number | undefined;
  readonly replicasPath: FieldPath;
  /** Of a StatefulSet; "" of others. */
  readonly serviceName: string;
  /** undefined: not said. */
  readonly revisionHistoryLimit: number | undefined;
  /** Of a Job whose completions are indexed; undefined: it is none, or does not say. */
  readonly indexedCompletions: number | undefined;
  readonly template: api.PodTemplateSpec;
  readonly pod: PodSubject;
  readonly podMetadata: MetadataSubject;
}

/** Metadata of an object, or of the pod template inside of one, and where it stands. */
export interface MetadataSubject {
  readonly kind: ObjectKind;
  readonly metadata: api.ObjectMeta;
  readonly path: FieldPath;
}

/** Kinds that are in a Cluster, as diagnostics name them. */
export type ObjectKind =
  | 'Service'
  | 'Endpoints'
  | 'EndpointSlice'
  | 'Pod'
  | 'Node'
  | 'ServiceCIDR'
  | WorkloadKind;

/** Kinds that are not read, but looked at for the Services that they name. */
export type RouteKind = 'Ingress' | 'HTTPRoute' | 'GRPCRoute' | 'TLSRoute' | 'TCPRoute' | 'UDPRoute';

/** Whose field it is. */
export interface ObjectPlace {
  readonly kind: ObjectKind | RouteKind;
  readonly object: ObjectMeta;
  readonly field: FieldPath;
}

/** What a rule over the whole cluster has found. */
export interface ClusterFinding extends Finding, ObjectPlace {
  /** Where something in the input tells that it is probably meant: less than the severity of the rule. */
  readonly severity?: 'info';
  /** Other places that belong to it, e.g. the first of two duplicates. */
  readonly related?: readonly RelatedPlace[];
}

export interface RelatedPlace extends ObjectPlace {
  readonly message: string;
}

/** What rules know beside the object. */
export interface RuleContext {
  readonly options: ValidateOptions;
  /** Service ranges: of the flag, else of the ServiceCIDR objects in the input; empty: not known. */
  readonly serviceCIDRs: readonly ServiceRange[];
  /** Objects that are not in the cluster because of their own errors: `Service default/web`. */
  readonly withheld: ReadonlySet<string>;
  /** Keys of labels and annotations, and names of nodes, found valid before: they repeat from object to object. */
  readonly validKeys: Set<string>;
  readonly validNodeNames: Set<string>;
}
