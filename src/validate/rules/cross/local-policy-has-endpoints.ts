import { isHeadless } from '../../../kubernetes/services.ts';
import type { EndpointSlice, Endpoints, Service } from '../../../model/cluster.ts';
import { labelOf } from '../../diagnose.ts';
import type { ObjectPlace } from '../../rule.ts';
import type { ClusterRule } from './cluster-rule.ts';
import { isWorkload, type PodSelection } from './view/pod-selection.ts';
import type { ServiceView } from './view/service-index.ts';

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
