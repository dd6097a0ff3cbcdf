import type { Diagnostic, Related } from '../../diagnostic/diagnostic.ts';
import { didYouMean } from '../../diagnostic/did-you-mean.ts';
import { aboutRun, count, listNames } from '../../diagnostic/report.ts';
import { ZONE_LABEL } from '../../kubernetes/labels.ts';
import { type Cluster, type IPFamily, type Node, objectKey, type Service } from '../../model/cluster.ts';
import { familyOf } from '../../model/ip.ts';
import type { ProxyConfig } from '../../model/proxy-config.ts';
import type { ResolveCode } from '../codes.ts';
import type { NodeDependence } from './service-ports.ts';

/** What is known of the node that rules are made for. */
export interface NodeView {
  /** undefined: `--node` is not given. */
  readonly name: string | undefined;
  /** Its Node object; undefined: not in the input. */
  readonly object: Node | undefined;
  readonly zone: string | undefined;
  /** What `--node-ip` gave, then what the Node object has; each once, both families. */
  readonly addresses: readonly string[];
}

/** Puts together what the settings and the Node object say of a node. */
export function viewNode(nodes: readonly Node[], config: ProxyConfig): NodeView {
  const name = config.nodeName;
  const object = name === undefined ? undefined : nodes.find((node) => node.name === name);
  const addresses = [...new Set([...config.nodeIPs, ...(object?.addresses ?? [])])];
  return { name, object, zone: object?.zone, addresses };
}

/** kube-proxy's node IP: the first address of the family; undefined: not known. */
export function nodeIPOf({ addresses }: NodeView, family: IPFamily): string | undefined {
  return addresses.find((address) => familyOf(address) === family);
}

const RELATED = 5;

/** A Service that another node would serve otherwise. */
export interface Dependent {
  readonly service: Service;
  readonly dependence: NodeDependence;
}

/**
 * What is wrong with the node: Services depend on it and it is not given (an error), it is given but named nowhere in the
 * input, or without the zone that hints ask for (warnings). One diagnostic for all Services. A name counts where Services
 * depend on it, and where there are Nodes: others may be named by what happens to run on them.
 */
export function checkNode(
  cluster: Cluster,
  node: NodeView,
  dependents: readonly Dependent[],
): readonly Diagnostic[] {
  if (dependents.length === 0 && (node.name === undefined || cluster.nodes.length === 0)) return [];
  if (node.name === undefined) return [nameMissing(cluster, dependents)];
  if (node.object !== undefined) return [];
  const seen = nodeNames(cluster);
  if (seen.length > 0 && !seen.includes(node.name)) return [nameUnknown(node.name, seen, dependents)];
  const inZones = dependents.filter(({ dependence }) => dependence === 'zone-hints');
  return inZones.length === 0 ? [] : [zoneUnknown(node.name, inZones)];
}

function nameMissing(cluster: Cluster, dependents: readonly Dependent[]): Diagnostic {
  const seen = nodeNames(cluster);
  return aboutRun<ResolveCode>({
    code: 'node-name-given',
    severity: 'error',
    message: `the traffic of ${describe(dependents)} depends on the node, and --node is not given`,
    hint: seen.length === 0 ? 'add --node NAME' : `add --node with one of these names: ${quoteNames(seen)}`,
    related: relatedOf(dependents),
  });
}

function nameUnknown(name: string, seen: readonly string[], dependents: readonly Dependent[]): Diagnostic {
  const near = didYouMean(name, seen);
  return aboutRun<ResolveCode>({
    code: 'node-name-known',
    severity: 'warning',
    message: `nothing in the input is on node ${JSON.stringify(name)}, ${
      dependents.length === 0
        ? 'and no Node is called so: its addresses, zone and podCIDRs are not known'
        : `and the traffic of ${describe(dependents)} depends on it`
    }`,
    hint: near === undefined ? `the input names these nodes: ${quoteNames(seen)}` : `did you mean "${near}"?`,
    related: relatedOf(dependents),
  });
}

function zoneUnknown(name: string, dependents: readonly Dependent[]): Diagnostic {
  return aboutRun<ResolveCode>({
    code: 'node-zone-known',
    severity: 'warning',
    message: `zone hints are ignored in ${describe(dependents)}: the zone of node "${name}" is not known`,
    hint: `add the Node object with its label ${ZONE_LABEL}`,
    related: relatedOf(dependents),
  });
}

function describe(dependents: readonly Dependent[]): string {
  const names = listNames(dependents.map(({ service }) => objectKey(service)));
  return `${count(dependents.length, 'service')} (${names})`;
}

/** Looking up places is slow: a few show what is meant. */
function relatedOf(dependents: readonly Dependent[]): readonly Related[] {
  return dependents
    .slice(0, RELATED)
    .map(({ service, dependence }) =>
      dependence === 'hints' || dependence === 'zone-hints'
        ? { message: 'its endpoints carry topology hints', span: service.locate(['metadata', 'name']) }
        : { message: `${dependence} is Local`, span: service.locate(['spec', dependence]) },
    );
}

function quoteNames(names: readonly string[]): string {
  return listNames(names.map((name) => JSON.stringify(name)));
}

/** Every node that the input speaks of, sorted. */
export function nodeNames(cluster: Cluster): readonly string[] {
  const names = new Set(cluster.nodes.map(({ name }) => name));
  for (const { endpoints } of cluster.endpointSlices) addNodeNames(names, endpoints);
  for (const { subsets } of cluster.endpoints) {
    for (const { addresses, notReadyAddresses } of subsets) {
      addNodeNames(names, addresses);
      addNodeNames(names, notReadyAddresses);
    }
  }
  addNodeNames(names, cluster.pods);
  return [...names].sort();
}

function addNodeNames(
  names: Set<string>,
  holders: readonly { readonly nodeName: string | undefined }[],
): void {
  for (const { nodeName } of holders) if (nodeName !== undefined) names.add(nodeName);
}
