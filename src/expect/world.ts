import { nodeResolver } from '../compile.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { invariant } from '../diagnostic/invariant.ts';
import { type KnownAddresses, knownAddresses, nodeFacts } from '../explain/connection/known-addresses.ts';
import type { NodeFacts } from '../explain/connection/plan-connection.ts';
import { type TargetAddress, type TargetFinder, targetFinder } from '../explain/connection/targets.ts';
import type { Host } from '../lang/packet/host.ts';
import type { Firewall } from '../lang/packet/rules.ts';
import type { Cluster, IPFamily, Pod } from '../model/cluster.ts';
import { groupBy } from '../model/group-by.ts';
import { familyOf, IP_FAMILIES } from '../model/ip.ts';
import type { NodeState, ServicePort } from '../model/node-state.ts';
import type { ProxyConfig, ProxyMode } from '../model/proxy-config.ts';
import { MODES } from '../modes/index.ts';
import type { RuleSetting } from '../modes/mode.ts';
import { nodeNames, viewNode } from '../resolve/proxy/node-view.ts';
import { changeCluster } from './change-cluster.ts';
import type { ObjectPatch, Selector, TrafficCase } from './expectation.ts';
import { type Patching, patchManifests } from './patch-manifests.ts';
import { selectPods } from './select.ts';
import { type Vicinity, vicinityFinder } from './vicinity.ts';

/** A mode to test, and how its rules are made. */
export interface TestedMode {
  readonly config: ProxyConfig;
  readonly setting: RuleSetting;
}

/** A cluster with the rules of all its nodes, in every mode that is tested. What is asked for is made once. */
export interface World {
  readonly cluster: Cluster;
  readonly modes: readonly ProxyMode[];
  /** Every node that the input speaks of; of none that it does, the one that flags are about. */
  readonly nodes: readonly (string | undefined)[];
  readonly podOf: (ip: string) => Pod | undefined;
  /** All that have an address: those that use the network of their node share its. */
  readonly podsAt: (ip: string) => readonly Pod[];
  /** The pods that a selector means. */
  readonly podsLike: (selector: Omit<Selector, 'of'>) => readonly Pod[];
  /** Who has an address, as `explain` says it. */
  readonly known: KnownAddresses;
  readonly at: (spot: Spot) => Site;
  /** What was found while rules were made: each once, and more when more rules are made. */
  readonly diagnostics: readonly Diagnostic[];
  /** One of them is an error: rules are about something that their mode cannot do. */
  readonly hasErrors: () => boolean;
}

/** Where a connection meets rules. */
export interface Spot {
  readonly mode: ProxyMode;
  readonly node: string | undefined;
  readonly family: IPFamily;
}

/** The rules of one node in one family, and what there is to know of it. */
export interface Site {
  readonly spot: Spot;
  readonly state: NodeState;
  readonly host: Host;
  /** The node's own addresses, of both families, as far as they are known. */
  readonly addresses: readonly string[];
  readonly facts: NodeFacts;
  /** All of its rules, made when somebody asks. */
  readonly firewall: () => Firewall;
  /** Those that a connection can meet. */
  readonly vicinityOf: (address: TargetAddress) => Vicinity;
  readonly targetAt: TargetFinder;
  /** The ports of a Service, by `namespace/name`. */
  readonly portsOf: (service: string) => readonly ServicePort[];
}

/** What happens to a cluster before a case. */
type Changes = Pick<TrafficCase, 'patches' | 'changes' | 'report'>;

/** Worlds after changes: one that was made not long ago is not made again. */
export type WorldAfter = (changes: Changes) => World | { readonly failed: readonly Diagnostic[] };

/** Manifests that were read without errors. */
export interface ReadManifests {
  readonly cluster: Cluster;
  readonly diagnostics: readonly Diagnostic[];
  /** Reads them again, with changes. */
  readonly patched: (patch: Patching['apply']) => {
    readonly cluster: Cluster | undefined;
    readonly diagnostics: readonly Diagnostic[];
  };
}

/** Cases with the same change mostly stand together, and a world of thousands of Services takes much memory. */
const MAX_WORLDS = 4;

/** The key of the world as it is, which most cases are about. */
const UNCHANGED = JSON.stringify([[], []]);

/** @param node the one that flags name; undefined: none */
export function createWorlds(
  manifests: ReadManifests,
  tested: readonly TestedMode[],
  node: string | undefined,
): WorldAfter {
  const worlds = new Map<string, World>();
  return ({ patches, changes, report }) => {
    const parts = [patches.map(({ value }) => value), changes.map(({ verb, subject }) => [verb, subject])];
    const key = JSON.stringify(parts);
    const known = worlds.get(key);
    if (known !== undefined) return known;
    const patched = patches.length === 0 ? manifests : patchedManifests(manifests, patches, report);
    if (patched.cluster === undefined) return { failed: patched.diagnostics };
    const changed = changeCluster(patched.cluster, changes);
    if ('failed' in changed) {
      const { field } = changed.failed;
      return { failed: [report('expectation-subject-known', field, changed.problem)] };
    }
    const found = patches.length === 0 ? [] : patched.diagnostics;
    const world = createWorld(changed.cluster, { tested, node, found });
    const [first, second] = worlds.keys();
    const oldest = first === UNCHANGED ? second : first;
    if (worlds.size >= MAX_WORLDS && oldest !== undefined) worlds.delete(oldest);
    worlds.set(key, world);
    return world;
  };
}

/** What was said of manifests is not said again of those with patches. */
function patchedManifests(
  { diagnostics: before, patched }: ReadManifests,
  patches: readonly ObjectPatch[],
  report: TrafficCase['report'],
): ReturnType<ReadManifests['patched']> {
  const { apply, problem } = patchManifests(patches);
  const { cluster, diagnostics } = patched(apply);
  const missing = problem();
  if (missing !== undefined) {
    const { patch, fault } = missing;
    return { cluster: undefined, diagnostics: [report('expectation-subject-known', patch.field, fault)] };
  }
  const keyOf = ({ code, message, span }: Diagnostic) => JSON.stringify([code, message, span]);
  const known = new Set(before.map(keyOf));
  return { cluster, diagnostics: diagnostics.filter((each) => !known.has(keyOf(each))) };
}

interface WorldSettings {
  readonly tested: readonly TestedMode[];
  readonly node: string | undefined;
  /** What is known to be wrong with the cluster. */
  readonly found?: readonly Diagnostic[];
}

/** A cluster as it is. */
export function createWorld(cluster: Cluster, { tested, node, found = [] }: WorldSettings): World {
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  let isWrong = false;
  const note = (each: Diagnostic): void => {
    const key = `${each.code} ${each.message}`;
    if (seen.has(key)) return;
    seen.add(key);
    diagnostics.push(each);
    isWrong ||= each.severity === 'error';
  };
  found.forEach(note);
  const known = knownAddresses(cluster);
  const sitesOf = new Map(
    tested.map((mode) => [mode.setting.mode, sitesFinder(cluster, mode, { known, note })] as const),
  );
  const podsAt = podFinder(cluster);
  const named = nodeNames(cluster);
  return {
    cluster,
    modes: [...sitesOf.keys()],
    nodes: node !== undefined || named.length === 0 ? [node] : named,
    podOf: (ip) => podsAt(ip)[0],
    podsAt,
    podsLike: podSelection(cluster),
    known,
    at: ({ mode, node, family }) => {
      const site = sitesOf.get(mode)?.(node).get(family);
      invariant(site !== undefined, `mode ${mode} is not tested`);
      return site;
    },
    diagnostics,
    hasErrors: () => isWrong,
  };
}

function podFinder({ pods }: Cluster): World['podsAt'] {
  const byAddress = new Map<string, Pod[]>();
  for (const pod of pods)
    for (const ip of pod.podIPs) {
      const others = byAddress.get(ip);
      if (others === undefined) byAddress.set(ip, [pod]);
      else others.push(pod);
    }
  return (ip) => byAddress.get(ip) ?? [];
}

/** Each selector is looked for once, among the pods of its namespace. */
function podSelection(cluster: Cluster): World['podsLike'] {
  const known = new Map<string, readonly Pod[]>();
  let byNamespace: Map<string, readonly Pod[]> | undefined;
  return (selector) => {
    const key = JSON.stringify(selector);
    const found = known.get(key);
    if (found !== undefined) return found;
    const { namespace } = selector;
    byNamespace ??= new Map(
      groupBy(cluster.pods, (pod) => pod.namespace).map((group) => [group[0].namespace, group] as const),
    );
    const among = namespace === undefined ? cluster.pods : (byNamespace.get(namespace) ?? []);
    const pods = selectPods({ pods: among, nodes: cluster.nodes }, selector);
    known.set(key, pods);
    return pods;
  };
}

interface SiteContext {
  readonly known: KnownAddresses;
  /** Told what is found while nodes are resolved. */
  readonly note: (found: Diagnostic) => void;
}

/** The sites of a node in one mode, by family: made once, when somebody asks for the node. */
function sitesFinder(
  cluster: Cluster,
  mode: TestedMode,
  { known, note }: SiteContext,
): (node: string | undefined) => ReadonlyMap<IPFamily, Site> {
  const resolve = nodeResolver(cluster, mode.config, IP_FAMILIES);
  const made = new Map<string | undefined, ReadonlyMap<IPFamily, Site>>();
  return (node) => {
    const before = made.get(node);
    if (before !== undefined) return before;
    const { states, diagnostics } = resolve(node);
    diagnostics.forEach(note);
    const sites = new Map(
      [...states].map(([family, state]) => [family, siteOf(cluster, mode, { known, state })] as const),
    );
    made.set(node, sites);
    return sites;
  };
}

interface SiteParts {
  readonly known: KnownAddresses;
  readonly state: NodeState;
}

function siteOf(cluster: Cluster, { config, setting }: TestedMode, { known, state }: SiteParts): Site {
  const { nodeName: node, family } = state;
  const mode = MODES[setting.mode];
  const { addresses } = viewNode(cluster.nodes, { ...config, nodeName: node });
  const host = mode.host(state, addresses);
  const spot: Spot = { mode: setting.mode, node, family };
  const keyOf = ({ name }: ServicePort) => `${name.namespace}/${name.name}`;
  const ports = new Map(groupBy(state.servicePorts, keyOf).map((group) => [keyOf(group[0]), group]));
  let firewall: Firewall | undefined;
  const nodeIP = addresses.find((ip) => familyOf(ip) === family);
  return {
    spot,
    state,
    host,
    addresses,
    facts: nodeFacts(cluster, known, { family, host, node, nodeIP, state }),
    firewall: () => {
      firewall ??= mode.firewall(state, setting, host);
      return firewall;
    },
    vicinityOf: vicinityFinder({ state, setting, host, addresses }),
    targetAt: targetFinder(state),
    portsOf: (service) => ports.get(service) ?? [],
  };
}
