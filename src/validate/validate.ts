import { createCollector, MAX_OF_CODE } from '../diagnostic/collector.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import { invariant } from '../diagnostic/invariant.ts';
import { isSilenced, severityUnder } from '../diagnostic/policy.ts';
import type { ObjectCounts } from '../diagnostic/summarize.ts';
import type { Cluster } from '../model/cluster.ts';
import { parseCIDR } from '../model/ip.ts';
import type { Manifest } from '../model/manifest.ts';
import { checkCluster, sortCluster } from './check-cluster.ts';
import { diagnoseObject } from './diagnose.ts';
import { type ServiceRange, toServiceRange } from './formats/service-range.ts';
import { kindReaders } from './kind-readers.ts';
import { isProxyConfiguration, readKubeProxyConfiguration } from './kube-proxy-configuration.ts';
import type { ValidateOptions } from './options.ts';
import type { KindReader, MakeReader } from './read-object.ts';
import { readShapes, type Shapes } from './shape/shape.ts';
import { judgeUnread, judgeUnserved, networkPoliciesOf, type UnreadFinding } from './unread-kinds.ts';
import type { ClusterDraft, KeptFindings, ValidationRun } from './validation-run.ts';

/** What comes of the manifests. */
export interface ValidationResult {
  /** Objects without errors: defaulted as the API server does, canonical, sorted by namespace and name. */
  readonly cluster: Cluster;
  /** In no order yet: `applyPolicy` sorts what all stages have found. */
  readonly diagnostics: readonly Diagnostic[];
  /** How many objects there were of kinds that svcgen does not read: `ConfigMap`, `Ingress.networking.k8s.io`. */
  readonly ignored: ReadonlyMap<string, number>;
  readonly objects: ObjectCounts;
}

/** Judges one set of manifests after the other, each on its own; see `validate`. */
export type Validator = (manifests: Iterable<Manifest>) => ValidationResult;

/**
 * Judges manifests as the API server of `options.kubernetes` judges them on creation, then by the rules about several
 * objects and about what a node can program. Never throws, whatever the values hold.
 * @param manifests may be made while they are asked for: nothing of one is kept but what becomes of it. They are gone
 *   through a second time when a ServiceCIDR is among them that decides about Services
 */
export function validate(manifests: Iterable<Manifest>, options: ValidateOptions): ValidationResult {
  return validatorOf(options)(manifests);
}

/** What the options mean is worked out once, for many sets. */
export function validatorOf(options: ValidateOptions): Validator {
  const readerOf = manifestReader(options);
  const doServiceCIDRsDecide = options.serviceCIDRs === undefined;
  return (manifests) => {
    const ofServiceCIDRs: Manifest[] = [];
    const run = createRun(options);
    const read = readerOf(run);
    for (const manifest of manifests) {
      if (doServiceCIDRsDecide && isServiceCIDR(manifest)) ofServiceCIDRs.push(manifest);
      else if (ofServiceCIDRs.length === 0) read(manifest);
    }
    if (ofServiceCIDRs.length === 0) return conclude(run);
    return validateWithin(ofServiceCIDRs, manifests, { readerOf, run: createRun(options) });
  };
}

function validateWithin(
  ofServiceCIDRs: readonly Manifest[],
  manifests: Iterable<Manifest>,
  { readerOf, run }: { readonly readerOf: ReturnType<typeof manifestReader>; readonly run: ValidationRun },
): ValidationResult {
  ofServiceCIDRs.forEach(readerOf(run));
  const rangedRun = withServiceCIDRs(run);
  const read = readerOf(rangedRun);
  let repeated = 0;
  for (const manifest of manifests) {
    if (isServiceCIDR(manifest)) repeated += 1;
    else read(manifest);
  }
  invariant(repeated === ofServiceCIDRs.length, 'the manifests can be gone through twice');
  return conclude(rangedRun);
}

function conclude(run: ValidationRun): ValidationResult {
  const sorted = sortCluster({ ...run.cluster, networkPolicies: networkPoliciesOf(run.unread) });
  const cluster = run.context.options.categories.has('cross') ? checkCluster(sorted, run) : sorted;
  return { cluster, diagnostics: run.found.items(), ignored: run.ignored, objects: countObjects(run) };
}

function isServiceCIDR({ kind }: Manifest): boolean {
  return kind === 'ServiceCIDR';
}

function createRun(options: ValidateOptions): ValidationRun {
  const findings: KeptFindings = { kept: [], more: 0 };
  const withheld = new Set<string>();
  let shapes: Shapes | undefined;
  return {
    context: {
      options,
      serviceCIDRs: parseCIDRs(options.serviceCIDRs ?? []),
      withheld,
      validKeys: new Set(),
      validNodeNames: new Set(),
    },
    found: createCollector(({ span }) => span?.file),
    cluster: emptyCluster(),
    tally: { valid: 0, invalid: 0, unfinished: 0 },
    unrendered: new WeakSet(),
    incomplete: new WeakSet(),
    areAlternatives: () => undefined,
    contradictory: new Set(),
    withheld,
    unread: [],
    ignored: new Map(),
    findings,
    report: (finding) => {
      if (findings.kept.length < MAX_OF_CODE) findings.kept.push(finding);
      else findings.more += 1;
    },
    shapes: () => {
      shapes ??= readShapes();
      return shapes;
    },
  };
}

function emptyCluster(): ClusterDraft {
  return {
    services: [],
    endpoints: [],
    endpointSlices: [],
    pods: [],
    nodes: [],
    workloads: [],
    serviceCIDRs: [],
  };
}

/** The same run, with the service ranges of the objects that were read. */
function withServiceCIDRs(run: ValidationRun): ValidationRun {
  const cidrs = run.cluster.serviceCIDRs.flatMap((serviceCIDR) => serviceCIDR.cidrs);
  return { ...run, context: { ...run.context, serviceCIDRs: parseCIDRs(cidrs) } };
}

function parseCIDRs(cidrs: readonly string[]): readonly ServiceRange[] {
  return cidrs.flatMap((cidr) => {
    const parsed = parseCIDR(cidr);
    return parsed === undefined ? [] : [toServiceRange(parsed)];
  });
}

/** Kinds are prepared for when the first object of one comes. */
function manifestReader(options: ValidateOptions): (run: ValidationRun) => (manifest: Manifest) => void {
  const prepared = new Map<string, ReturnType<MakeReader>>();
  const prepare = (name: string): ReturnType<MakeReader> | undefined => {
    const before = prepared.get(name);
    if (before !== undefined) return before;
    const made = kindReaders.get(name)?.(options);
    if (made !== undefined) prepared.set(name, made);
    return made;
  };
  return (run) => {
    const readers = new Map<string, KindReader>();
    return (manifest) => {
      const name = `${manifest.apiVersion} ${manifest.kind}`;
      const read = readers.get(name) ?? prepare(name)?.(run);
      if (read === undefined) return leaveUnread(manifest, run);
      readers.set(name, read);
      reportUnread(judgeUnserved(manifest, options.kubernetes), manifest, run);
      read(manifest);
    };
  };
}

function leaveUnread(manifest: Manifest, run: ValidationRun): void {
  const { apiVersion, kind } = manifest;
  const { unread, ignored } = run;
  if (isProxyConfiguration(manifest)) {
    checkProxyConfiguration(manifest, run);
    return;
  }
  const judged = judgeUnread(manifest);
  const isReported = reportUnread(judged, manifest, run);
  unread.push(manifest);
  if (isReported && judged?.severity === 'error') {
    run.tally.invalid += 1;
    return;
  }
  const slash = apiVersion.indexOf('/');
  const name = slash < 0 ? kind : `${kind}.${apiVersion.slice(0, slash)}`;
  ignored.set(name, (ignored.get(name) ?? 0) + 1);
}

/** @returns whether there was something to say, and somebody wants to hear it */
function reportUnread(judged: UnreadFinding | undefined, manifest: Manifest, run: ValidationRun): boolean {
  if (judged === undefined || !run.context.options.categories.has('api')) return false;
  const { finding, ...rule } = judged;
  diagnoseObject({ rule, finding, kind: manifest.kind, manifest }, run);
  return true;
}

/** kube-proxy's settings are no object of a cluster: nodes have them, so that they are looked at as a node would. */
function checkProxyConfiguration(manifest: Manifest, { context, found, tally }: ValidationRun): void {
  const { options } = context;
  const { diagnostics } = options.categories.has('node')
    ? readKubeProxyConfiguration(manifest)
    : { diagnostics: [] };
  if (hasErrors(diagnostics)) tally.invalid += 1;
  else tally.valid += 1;
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity !== 'error' && isSilenced(diagnostic.code, {}, options)) continue;
    found.add({ ...diagnostic, severity: severityUnder(options, diagnostic) });
  }
}

/** What became of the objects. Those that contradict others are invalid, though each on its own may be right. */
function countObjects({ cluster, tally, contradictory, ignored }: ValidationRun): ObjectCounts {
  let wrong = 0;
  if (contradictory.size > 0) {
    for (const objects of Object.values(cluster))
      for (const object of objects) if (contradictory.has(object)) wrong += 1;
  }
  let passedOver = tally.unfinished;
  for (const number of ignored.values()) passedOver += number;
  return { valid: tally.valid - wrong, invalid: tally.invalid + wrong, passedOver };
}
