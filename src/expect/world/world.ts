import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { invariant } from '../../diagnostic/invariant.ts';
import { type KnownAddresses, knownAddresses } from '../../explain/connection/known-addresses.ts';
import type { Cluster, Pod } from '../../model/cluster.ts';
import { groupBy } from '../../model/group-by.ts';
import type { ProxyMode } from '../../model/proxy-config.ts';
import { nodeNames } from '../../resolve/proxy/node-view.ts';
import type { Selector } from '../expectation.ts';
import { selectPods } from '../select.ts';
import { type Site, type Spot, sitesFinder, type TestedMode } from './site.ts';

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
