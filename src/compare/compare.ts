import { resolveEverywhere, resolveFamilies } from '../compile.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import { pictureMaker, type Scene } from '../graph/draw-service.ts';
import type { RuleOwner } from '../lang/iptables/compare/drift.ts';
import { type Cluster, type IPFamily, objectKey, type Service } from '../model/cluster.ts';
import type { NodeState, NodeStates } from '../model/node-state.ts';
import type { ProxyConfig } from '../model/proxy-config.ts';
import type { NodeDump } from '../modes/dump/node-dump.ts';
import { MODES } from '../modes/index.ts';
import type { RuleSetting } from '../modes/mode.ts';
import type { AllocationLock } from '../resolve/allocation/allocation-lock.ts';
import { viewNode } from '../resolve/proxy/node-view.ts';
import { endpointPlaces } from '../resolve/proxy/service-slices.ts';
import { countRules, type RuleCounts, sumRuleCounts } from './count-rules.ts';
import { compareNodeTraffic } from './node-traffic.ts';
import type { DriftReport, TrafficReport } from './report.ts';
import { sortDrift } from './service-drift.ts';
import { compareTraffic } from './traffic/compare-traffic.ts';
import { withoutEqualPorts } from './traffic/equal-services.ts';
import type { DiffSide } from './traffic/service-traffic.ts';
import type { ServiceDiff, TrafficDiff } from './traffic/traffic-diff.ts';

/** One side's manifests, complete. */
export interface ClusterSide {
  readonly cluster: Cluster;
  /** What was allocated in it. */
  readonly lock: AllocationLock;
}

export interface Comparison {
  readonly before: ClusterSide;
  readonly after: ClusterSide;
  readonly config: ProxyConfig;
  readonly setting: RuleSetting;
  readonly families: readonly IPFamily[];
  /** What is allocated comes from a lock file. */
  readonly hasLock: boolean;
}

export interface Compared {
  /** undefined: there are errors. */
  readonly report: TrafficReport | undefined;
  /** Of the side that is to be, and errors of the other: rules are made of both. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What a change of manifests does, for one node or, when none is named, for all of them at once: nobody is asked for
 * a node. What depends on it is compared as if every endpoint could be chosen, and where endpoints are.
 */
export function compareClusters(comparison: Comparison): Compared {
  const old = resolveSide(comparison.before, comparison);
  const now = resolveSide(comparison.after, comparison);
  const diagnostics = [...old.diagnostics.filter(({ severity }) => severity === 'error'), ...now.diagnostics];
  if (hasErrors(diagnostics)) return { report: undefined, diagnostics };
  const diff = compareTraffic(old.side, now.side);
  const counts = [...now.states].map(([family, state]) =>
    countIn(old.states.get(family) ?? state, state, comparison),
  );
  const rules = {
    counts: sumRuleCounts(counts),
    owner: ownerOf(comparison, familiesInUse(old, now)),
    dependsOnNode: dependsOnNode(diff, [old, now]),
  };
  const { cluster } = comparison.after;
  const pictureOf = pictureLookup({ cluster, states: now.side.states, config: comparison.config });
  const report = { diff, rules, hasLock: comparison.hasLock, pictureOf };
  return { report, diagnostics };
}

/** Pictures by name of the Service. Nothing is drawn before the first is asked for. */
function pictureLookup(scene: Scene): TrafficReport['pictureOf'] {
  let draw: ReturnType<typeof pictureMaker> | undefined;
  return (name) => {
    const service = scene.cluster.services.find((each) => objectKey(each) === name);
    if (service === undefined) return undefined;
    draw ??= pictureMaker(scene);
    return draw(service);
  };
}

interface ResolvedSide {
  readonly side: DiffSide;
  /** What rules are made of. */
  readonly states: NodeStates;
  readonly diagnostics: readonly Diagnostic[];
}

function resolveSide({ cluster, lock }: ClusterSide, { config, families }: Comparison): ResolvedSide {
  const { states, diagnostics } = resolveFamilies(cluster, config, families);
  const shared = { services: cluster.services, allocated: lock.services };
  if (config.nodeName !== undefined) {
    return { side: { ...shared, states, placesOf: undefined }, states, diagnostics };
  }
  const everywhere = cluster.services.some(isLocal)
    ? resolveEverywhere(cluster, config, families).states
    : states;
  return {
    side: { ...shared, states: everywhere, placesOf: endpointPlaces(cluster) },
    states,
    diagnostics: diagnostics.filter(({ code }) => code !== 'node-name-given'),
  };
}

function isLocal({ internalTrafficPolicy, externalTrafficPolicy }: Service): boolean {
  return internalTrafficPolicy === 'Local' || externalTrafficPolicy === 'Local';
}

function countIn(before: NodeState, after: NodeState, { setting }: Comparison): RuleCounts {
  const { layoutsByPort, ruleParts } = MODES[setting.mode];
  const states = layoutsByPort.includes(setting.layout)
    ? withoutEqualPorts(before, after)
    : { before, after };
  return countRules(ruleParts(states.before, setting), ruleParts(states.after, setting));
}

function familiesInUse(...sides: readonly ResolvedSide[]): readonly IPFamily[] {
  const inUse = sides.flatMap(({ states }) =>
    [...states.values()].filter(({ servicePorts }) => servicePorts.length > 0),
  );
  return [...new Set(inUse.map(({ family }) => family))].sort();
}

function ownerOf(
  { config, setting }: Pick<Comparison, 'config' | 'setting'>,
  families: readonly IPFamily[],
): RuleOwner {
  const layout = setting.layout === 'kube-proxy' ? '' : `, layout ${setting.layout}`;
  return {
    node: config.nodeName,
    setting: [`${setting.mode} mode${layout}`, ...families].join(', '),
  };
}

/** Another node may have other rules for a Service that differs. */
function dependsOnNode({ services }: TrafficDiff, sides: readonly ResolvedSide[]): boolean {
  const names = new Set(services.flatMap(namesOf));
  return sides.some(({ side }) => {
    const differing = side.services.filter((service) => names.has(objectKey(service)));
    return differing.some((service) => (side.placesOf?.(service).size ?? 0) > 0);
  });
}

function namesOf(service: ServiceDiff): readonly string[] {
  const { name } = service;
  return service.kind === 'changed' && service.previousName !== undefined
    ? [name, service.previousName]
    : [name];
}

/** What the dump of a node is compared with. */
export interface WantedNode extends Pick<Comparison, 'config' | 'setting'> {
  readonly cluster: Cluster;
  /** The versions of kube-proxy that the dump tells; undefined: it does not. */
  readonly told: string | undefined;
  /** The same, where svcgen makes rules of none of them. */
  readonly older: string | undefined;
}

/** How the dump of a node has drifted from the rules that are wanted, in words. */
export function driftOfNode(
  dump: NodeDump,
  states: NodeStates,
  { cluster, config, setting, told, older }: WantedNode,
): DriftReport {
  const all = [...states.values()];
  const { drift, findsServicesBy } = MODES[setting.mode];
  const isEmpty = all.every(({ servicePorts }) => servicePorts.length === 0);
  const families = all.filter(({ servicePorts }) => isEmpty || servicePorts.length > 0);
  const chains = older === undefined ? all.flatMap((state) => drift(dump, state, setting)) : [];
  const { addresses: nodeIPs } = viewNode(cluster.nodes, config);
  const node = { cluster, setting, nodeName: config.nodeName, nodeIPs };
  return {
    chains,
    sorted: sortDrift(chains, all),
    findsServicesBy,
    owner: ownerOf(
      { config, setting },
      families.map(({ family }) => family),
    ),
    ...(told === undefined ? {} : { kubernetes: { told, taken: config.kubernetes.name } }),
    ...(older === undefined ? {} : { traffic: compareNodeTraffic(dump, states, { ...node, by: older }) }),
  };
}
