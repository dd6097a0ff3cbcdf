import type { Host } from '../../lang/packet/host.ts';
import type { Endpoint, NodePortMatch, NodeState, ServicePort } from '../../model/node-state.ts';
import { MODES } from '../../modes/index.ts';
import type { RuleSetting } from '../../modes/mode.ts';

/** A node with all its Services. */
export interface WholeNode {
  readonly state: NodeState;
  readonly setting: RuleSetting;
  readonly host: Host;
  /** Its own addresses, of both families. */
  readonly addresses: readonly string[];
}

/** Service ports by what rules ask packets for, and what is where in the state. */
export interface NodeIndex {
  readonly byAddress: ReadonlyMap<string, readonly ServicePort[]>;
  readonly byNodePort: ReadonlyMap<number, readonly ServicePort[]>;
  readonly places: ReadonlyMap<ServicePort, number>;
  readonly nodePortAddresses: AddressPlaces;
  readonly ipvsAddresses: AddressPlaces;
  readonly ipvsNodePortAddresses: AddressPlaces;
}

/** Where each of a list of addresses is. */
export type AddressPlaces = ReadonlyMap<string, number>;

function placesOf<Item>(items: readonly Item[]): ReadonlyMap<Item, number> {
  return new Map(items.map((each, place) => [each, place]));
}

/** Goes through all that a node serves, once. */
export function indexNode({ state, setting }: WholeNode): NodeIndex {
  const byAddress = new Map<string, ServicePort[]>();
  const byNodePort = new Map<number, ServicePort[]>();
  for (const servicePort of state.servicePorts) {
    for (const ip of addressesOf(servicePort)) append(byAddress, ip, servicePort);
    for (const { ip } of loopsOf(servicePort, setting)) append(byAddress, ip, servicePort);
    for (const port of [servicePort.nodePort, servicePort.healthCheckNodePort])
      if (port !== 0) append(byNodePort, port, servicePort);
  }
  return {
    byAddress,
    byNodePort,
    places: placesOf(state.servicePorts),
    nodePortAddresses: placesOf(addressesIn(state.nodePortAddresses)),
    ipvsAddresses: placesOf(state.ipvs?.addresses ?? []),
    ipvsNodePortAddresses: placesOf(state.ipvs?.nodePortAddresses ?? []),
  };
}

const NO_ENDPOINTS: readonly Endpoint[] = [];

/** Endpoints that one set of a node lists, those of all Services together: what they send to themselves is masqueraded. */
function loopsOf({ reachable, ipvs }: ServicePort, setting: RuleSetting): readonly Endpoint[] {
  return ipvs?.hairpin ?? (asksPlaces(setting) ? reachable : NO_ENDPOINTS);
}

/** Whether rules of a layout ask which endpoints are on the node. */
export function asksPlaces({ mode, layout }: RuleSetting): boolean {
  return MODES[mode].layoutsByPlace.includes(layout);
}

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function addressesOf({ clusterIP, externalIPs, loadBalancerIPs }: ServicePort): readonly string[] {
  return externalIPs.length + loadBalancerIPs.length === 0
    ? [clusterIP]
    : [clusterIP, ...externalIPs, ...loadBalancerIPs];
}

/** The addresses on which NodePorts answer, where they are listed. */
function addressesIn(match: NodePortMatch): readonly string[] {
  return match.kind === 'addresses' ? match.addresses : [];
}
