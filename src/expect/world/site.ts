import { nodeResolver } from '../../compile.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { type KnownAddresses, nodeFacts } from '../../explain/connection/known-addresses.ts';
import type { NodeFacts } from '../../explain/connection/plan-connection.ts';
import { type TargetAddress, type TargetFinder, targetFinder } from '../../explain/connection/targets.ts';
import type { Host } from '../../lang/packet/host.ts';
import type { Firewall } from '../../lang/packet/rules.ts';
import type { Cluster, IPFamily } from '../../model/cluster.ts';
import { groupBy } from '../../model/group-by.ts';
import { familyOf, IP_FAMILIES } from '../../model/ip.ts';
import type { NodeState, ServicePort } from '../../model/node-state.ts';
import type { ProxyConfig, ProxyMode } from '../../model/proxy-config.ts';
import { MODES } from '../../modes/index.ts';
import type { RuleSetting } from '../../modes/mode.ts';
import { viewNode } from '../../resolve/proxy/node-view.ts';
import { type Vicinity, vicinityFinder } from './vicinity.ts';

/** A mode to test, and how its rules are made. */
export interface TestedMode {
  readonly config: ProxyConfig;
  readonly setting: RuleSetting;
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

interface SiteContext {
  readonly known: KnownAddresses;
  /** Told what is found while nodes are resolved. */
  readonly note: (found: Diagnostic) => void;
}

/** The sites of a node in one mode, by family: made once, when somebody asks for the node. */
export function sitesFinder(
  cluster: Cluster,
  mode: TestedMode,
  { known, note }: SiteContext,
): (node: string | undefined) => ReadonlyMap<IPFamily, Site> {
  const { resolve } = nodeResolver(cluster, mode.config, IP_FAMILIES);
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
