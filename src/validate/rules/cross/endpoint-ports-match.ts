import { didYouMean } from '../../../diagnostic/did-you-mean.ts';
import { hasSelector } from '../../../kubernetes/services.ts';
import type { EndpointPort, EndpointSlice, Service, ServicePortSpec } from '../../../model/cluster.ts';
import { labelOf } from '../../diagnose.ts';
import type { ClusterFinding, ObjectPlace } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';
import type { ClusterRule } from './cluster-rule.ts';
import type { ServiceView } from './view/service-index.ts';

/** kube-proxy finds the endpoints of a Service port by its name and protocol (pkg/proxy/endpointschangetracker.go). */
export const endpointPortsMatch = {
  code: 'endpoint-ports-match',
  category: 'cross',
  severity: 'warning',
  summary: 'a Service port that no endpoint port has the name and protocol of',
  explanation: `A node looks for the endpoints of a Service port by name and protocol: port "http" of the Service gets the
endpoint ports that are called "http", and an unnamed port those without a name. The numbers may differ. A port
without a counterpart refuses every connection, although the Service has endpoints. Of a headless Service it has no SRV
record in DNS.`,
  *check(_, { view }) {
    for (const owner of view.services) {
      if (owner.slices.length === 0 && owner.endpoints === undefined) continue;
      if (!isServedBySlices(owner)) yield* checkService(owner);
    }
  },
} as const satisfies ClusterRule;

/** What holds for nearly all Services, found out without making anything. */
function isServedBySlices({ service, slices }: ServiceView): boolean {
  for (const port of service.ports) {
    if (!isServed(port, slices)) return false;
  }
  return true;
}

function isServed(port: ServicePortSpec, slices: readonly EndpointSlice[]): boolean {
  for (const slice of slices) {
    if (slice.endpoints.length > 0 && hasMatch(slice.ports, port)) return true;
  }
  return false;
}

/** Ports of one object that holds endpoints, and where they stand. */
interface PortList {
  readonly ports: readonly EndpointPort[];
  readonly place: ObjectPlace;
}

function* checkService(owner: ServiceView): Iterable<ClusterFinding> {
  const { service } = owner;
  if (service.type === 'ExternalName') return;
  const lists = portListsOf(owner);
  if (lists.length === 0) return;
  for (const [index, port] of service.ports.entries()) {
    if (isForOtherRule(service, port) || lists.some(({ ports }) => hasMatch(ports, port))) {
      continue;
    }
    yield findingOf({ service, index, port, lists });
  }
}

/** What the pods lack that a controller made endpoints of, the rules about named targetPorts say better. */
function isForOtherRule(service: Service, { targetPort }: ServicePortSpec): boolean {
  return typeof targetPort === 'string' && hasSelector(service);
}

function hasMatch(ports: readonly EndpointPort[], { name, protocol }: ServicePortSpec): boolean {
  for (const other of ports) {
    if (other.name === name && other.protocol === protocol) return true;
  }
  return false;
}

/** EndpointSlices, else Endpoints, as far as they hold endpoints at all. */
function portListsOf({ slices, endpoints: object }: ServiceView): readonly PortList[] {
  if (slices.length > 0) {
    return slices
      .filter(({ endpoints }) => endpoints.length > 0)
      .map((object) => ({ ports: object.ports, place: { kind: 'EndpointSlice', object, field: ['ports'] } }));
  }
  if (object === undefined) return [];
  return object.subsets.flatMap(({ addresses, notReadyAddresses, ports }, index) =>
    addresses.length + notReadyAddresses.length === 0
      ? []
      : [{ ports, place: { kind: 'Endpoints', object, field: ['subsets', index, 'ports'] } }],
  );
}

interface Mismatch {
  readonly service: Service;
  readonly index: number;
  readonly port: ServicePortSpec;
  readonly lists: readonly PortList[];
}

function findingOf({ service, index, port, lists }: Mismatch): ClusterFinding {
  const [first] = lists;
  const owner = first === undefined ? 'its endpoints' : labelOf(first.place.kind, first.place.object);
  const found = [...new Set(lists.flatMap(({ ports }) => ports.map(namePort)))].sort();
  const has = found.length === 0 ? 'names no ports' : `has ${found.join(', ')}`;
  return {
    kind: 'Service',
    object: service,
    field: ['spec', 'ports', index, ...(port.name === '' ? [] : ['name'])],
    message: `no endpoint serves ${port.name === '' ? 'the unnamed port' : `port ${quoteValue(port.name)}`} (${port.protocol}): ${owner} ${has}`,
    hint: suggest(port, lists),
    related: first === undefined ? [] : [{ ...first.place, message: `the ports of ${owner}` }],
  };
}

/** How to make the two meet: by the protocol, by a name that is nearly the same, or by the only name there is. */
function suggest(port: ServicePortSpec, lists: readonly PortList[]): string {
  const others = lists.flatMap(({ ports }) => ports);
  const sameName = others.find(({ name }) => name === port.name);
  if (sameName !== undefined) {
    return `use ${port.protocol} for the endpoint port, or ${sameName.protocol} for the Service port`;
  }
  const names = new Set(others.map(({ name }) => name));
  const name = names.size === 1 ? [...names][0] : didYouMean(port.name, names);
  if (name === undefined) return 'give the port the same name and protocol in both';
  return `${nameIt('Service', name)}, or ${nameIt('endpoint', port.name)}`;
}

function nameIt(whose: string, name: string): string {
  return name === ''
    ? `leave out the name of the ${whose} port`
    : `name the ${whose} port ${quoteValue(name)}`;
}

function namePort({ name, protocol }: EndpointPort): string {
  return `${name === '' ? 'an unnamed port' : quoteValue(name)} (${protocol})`;
}
