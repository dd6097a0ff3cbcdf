import { HEADLESS_LABEL } from '../../../kubernetes/labels.ts';
import { isHeadless } from '../../../kubernetes/services.ts';
import type { EndpointSlice, Endpoints, Service } from '../../../model/cluster.ts';
import { parseIP } from '../../../model/ip.ts';
import { labelOf } from '../../diagnose.ts';
import type { ObjectPlace, ServiceRule } from '../../rule.ts';
import type { ClusterRule } from './cluster-rule.ts';
import { isWorkload, type PodSelection } from './view/pod-selection.ts';
import type { ServiceView } from './view/service-index.ts';

/** The API server takes any RFC 1123 name, of which 192.0.2.45 is one; DNS answers with a CNAME to it. */
export const externalNameNotIP = {
  code: 'external-name-not-ip',
  category: 'cross',
  severity: 'warning',
  onlyWith: ['externalName'],
  summary: 'an externalName that is an IP address',
  explanation: `A Service of type ExternalName is an alias in DNS, a CNAME record. A name that looks like an IP address is
taken for a name all the same: resolvers ask for a domain called "192.0.2.45", which does not exist. For an address there
are Services without selector, with an EndpointSlice or Endpoints that holds it.`,
  check({ type, externalName }, report) {
    if (type !== 'ExternalName' || parseIP(externalName.replace(/\.$/, '')) === undefined) return;
    report({
      field: ['spec', 'externalName'],
      message: `externalName "${externalName}" is looked up as a name, although it is an IP address`,
      hint: 'use a Service without selector, and an EndpointSlice that holds the address',
    });
  },
} as const satisfies ServiceRule;

/** kube-proxy (cmd/kube-proxy/app, 1.34) asks the API server only for Services without this label. */
export const headlessNoNodePort = {
  code: 'headless-no-node-port',
  category: 'cross',
  severity: 'warning',
  onlyWith: ['labels'],
  summary: 'a nodePort of a Service that nodes leave out',
  explanation: `Nodes make no rules for a headless Service. The API server refuses nodePorts with clusterIP None, but not with
the label service.kubernetes.io/headless, which takes a Service away from kube-proxy too: its nodePorts are reserved,
and nobody answers on them.`,
  check({ metadata, type, ports }, report) {
    const { labels } = metadata;
    if (labels === null || labels === undefined || !Object.hasOwn(labels, HEADLESS_LABEL)) return;
    if (type !== 'NodePort' && type !== 'LoadBalancer') return;
    const index = ports.findIndex(({ nodePort }) => nodePort !== 0);
    const what = index < 0 ? `type ${type}` : `nodePort ${ports[index]?.nodePort}`;
    report({
      field: index < 0 ? ['spec', 'type'] : ['spec', 'ports', index, 'nodePort'],
      message: `${what} has no effect: the label ${HEADLESS_LABEL} makes nodes leave the Service out`,
      hint: 'remove the label, or use type ClusterIP',
    });
  },
} as const satisfies ServiceRule;

/** kube-proxy makes rules for the addresses in status.loadBalancer.ingress, which a cloud or MetalLB writes. */
export const loadBalancerHasAddress = {
  code: 'load-balancer-has-address',
  category: 'cross',
  severity: 'warning',
  onlyWith: ['loadBalancer'],
  summary: 'a load balancer without an address in its status',
  explanation: `The address of a load balancer stands in status.loadBalancer.ingress, where the controller of a cloud writes
it. An object of a cluster whose status is empty still waits for one: nodes have rules for its clusterIP and nodePorts, but
none for the load balancer, and its source ranges limit nobody. A load balancer that is known by a host name only needs no
rules on nodes. A manifest that was never applied has no status; it gets the addresses that spec.loadBalancerIP or an
annotation (of MetalLB, Cilium, kube-vip, PureLB, Azure) asks for.`,
  check({ type, ingress, hasLoadBalancerStatus }, report) {
    if (
      type !== 'LoadBalancer' ||
      !hasLoadBalancerStatus ||
      ingress.some((entry) => entry?.ip || entry?.hostname)
    )
      return;
    report({
      field: ['status', 'loadBalancer', 'ingress'],
      message: 'the load balancer has no address yet: nodes get rules for its clusterIP and nodePorts only',
      hint: 'look for the controller that should give it one; kubectl describe service tells',
    });
  },
} as const satisfies ServiceRule;

/** kube-proxy (pkg/proxy/topology.go, 1.34) drops traffic of a Local policy on nodes without local endpoints. */
export const localPolicyHasEndpoints = {
  code: 'local-policy-has-endpoints',
  category: 'cross',
  severity: 'warning',
  summary: 'a Local traffic policy, but no endpoint on any node',
  explanation: `With a Local traffic policy a node serves a Service from endpoints on the node itself, and drops connections
when it has none. An endpoint is on the node that its nodeName says; if no endpoint says one, as is usual for servers
outside the cluster, every node drops every connection.`,
  *check(_, { view }) {
    for (const owner of view.services) {
      const { service } = owner;
      const policies = localPoliciesOf(service);
      if (policies.length === 0 || service.type === 'ExternalName') continue;
      const endpoints = findUnplacedEndpoints(owner, view.pods);
      if (endpoints === undefined) continue;
      const name = labelOf(endpoints.kind, endpoints.object);
      for (const policy of policies) {
        yield {
          kind: 'Service',
          object: service,
          field: ['spec', policy],
          message: `${policy} is Local, but no endpoint says which node it is on, so every node drops the traffic`,
          hint: 'give the endpoints a nodeName, or use the policy Cluster',
          related: [{ ...endpoints, message: `${name} names no node` }],
        };
      }
    }
  },
} as const satisfies ClusterRule;

type PolicyField = 'externalTrafficPolicy' | 'internalTrafficPolicy';

function localPoliciesOf(service: Service): readonly PolicyField[] {
  const { externalTrafficPolicy, internalTrafficPolicy } = service;
  if (externalTrafficPolicy === 'Cluster' && internalTrafficPolicy === 'Cluster') return NO_POLICIES;
  if (isHeadless(service)) return NO_POLICIES;
  const fields: readonly PolicyField[] = ['externalTrafficPolicy', 'internalTrafficPolicy'];
  return fields.filter((field) => service[field] === 'Local');
}

const NO_POLICIES: readonly PolicyField[] = [];

/** Where the endpoints of a Service are, if it has any and none of them is on a node. */
function findUnplacedEndpoints(owner: ServiceView, pods: PodSelection): ObjectPlace | undefined {
  if (owner.slices.length > 0) return findUnplacedSlice(owner.slices);
  if (owner.endpoints !== undefined) return findUnplacedSubset(owner.endpoints);
  return findUnplacedPod(owner.service, pods);
}

function findUnplacedSlice(slices: readonly EndpointSlice[]): ObjectPlace | undefined {
  const isPlaced = slices.some(({ endpoints }) => endpoints.some(({ nodeName }) => nodeName !== undefined));
  const slice = slices.find(({ endpoints }) => endpoints.length > 0);
  if (isPlaced || slice === undefined) return undefined;
  return { kind: 'EndpointSlice', object: slice, field: ['endpoints', 0] };
}

function findUnplacedSubset(object: Endpoints): ObjectPlace | undefined {
  const addresses = object.subsets.flatMap((subset) => [...subset.addresses, ...subset.notReadyAddresses]);
  if (addresses.length === 0 || addresses.some(({ nodeName }) => nodeName !== undefined)) return undefined;
  return { kind: 'Endpoints', object, field: ['subsets', 0] };
}

/** Pods without addresses are no endpoints yet. */
function findUnplacedPod(service: Service, pods: PodSelection): ObjectPlace | undefined {
  const withAddress = pods
    .selectedBy(service)
    .filter((candidate) => !isWorkload(candidate) && candidate.podIPs.length > 0);
  const [pod] = withAddress;
  if (pod === undefined || withAddress.some((each) => !isWorkload(each) && each.nodeName !== undefined)) {
    return undefined;
  }
  return { kind: 'Pod', object: pod, field: ['spec'] };
}

/**
 * kube-proxy binds such addresses to kube-ipvs0 on every node (kubernetes/kubernetes#104679, #127410, #75290). Which mode a
 * cluster runs is not in its manifests: where it is known, `external-address-not-a-node` warns.
 */
export const externalAddressOfNode = {
  code: 'external-address-of-node',
  category: 'node',
  severity: 'info',
  summary: 'an external address that is the address of a Node',
  explanation: `In iptables and nftables mode nodes take the Service's ports of such an address and leave the others alone. In
ipvs mode every node takes the whole address for its own, so that no other node reaches the one that has it: not its
kubelet, nor ssh. Nothing is said where there is one Node only. "svcgen render --mode ipvs" warns.`,
  *check({ services, nodes }) {
    if (nodes.length < 2) return;
    const owners = new Map(
      nodes.flatMap(({ name, addresses }) => addresses.map((ip) => [ip, name] as const)),
    );
    for (const service of services) {
      for (const [index, ip] of service.externalIPs.entries()) {
        const owner = owners.get(ip);
        if (owner === undefined) continue;
        yield {
          kind: 'Service',
          object: service,
          field: ['spec', 'externalIPs', index],
          message: `${ip} is an address of Node ${owner}: in ipvs mode no other node could reach that node by it`,
          hint: 'use an address that no Node has, or another mode than ipvs',
        };
      }
    }
  },
} as const satisfies ClusterRule;
