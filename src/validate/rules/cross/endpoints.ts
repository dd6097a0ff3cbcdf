import { didYouMean } from '../../../diagnostic/did-you-mean.ts';
import {
  ENDPOINTS_MANAGED_BY_LABEL,
  LAST_CHANGE_ANNOTATION,
  LEADER_ANNOTATION,
  SERVICE_NAME_LABEL,
} from '../../../kubernetes/labels.ts';
import { hasSelector } from '../../../kubernetes/services.ts';
import type { EndpointSlice, Endpoints } from '../../../model/cluster.ts';
import type { FieldPath } from '../../../model/field-path.ts';
import { labelOf } from '../../diagnose.ts';
import type { ClusterFinding } from '../../rule.ts';
import type { ClusterContext, ClusterRule } from './cluster-rule.ts';
import type { ClusterView } from './view/cluster-view.ts';

const CAPACITY = 1000;

/** maxCapacity of the endpoints controller, maxEndpointsPerSubset of the mirroring controller (1.34). */
export const endpointsWithinCapacity = {
  code: 'endpoints-within-capacity',
  category: 'cross',
  severity: 'warning',
  summary: 'more than 1000 addresses in one Endpoints object',
  explanation: `Kubernetes keeps at most 1000 addresses in an Endpoints object: its controllers leave out those beyond, the
ones that are not ready first, and mirror no more than 1000 addresses of a hand-written object into the EndpointSlices
that nodes read. The servers beyond get no connections. A Service can have any number of EndpointSlices.`,
  *check(cluster) {
    for (const endpoints of cluster.endpoints) {
      let count = 0;
      for (const { addresses, notReadyAddresses } of endpoints.subsets) {
        count += addresses.length + notReadyAddresses.length;
      }
      if (count <= CAPACITY) continue;
      yield {
        kind: 'Endpoints',
        object: endpoints,
        field: ['subsets'],
        message: `${count} addresses in one Endpoints object: Kubernetes keeps ${CAPACITY} of them`,
        hint: 'use EndpointSlices, of which a Service can have many',
      };
    }
  },
} as const satisfies ClusterRule;

/** The endpoints controller (pkg/controller/endpoint, 1.34) writes the Endpoints of every Service with a selector. */
export const endpointsWithoutSelector = {
  code: 'endpoints-without-selector',
  category: 'cross',
  severity: 'warning',
  summary: 'Endpoints written by hand, of a Service whose selector makes a controller overwrite them',
  explanation: `When a Service has a selector, a controller writes its Endpoints from the pods that match, again and again.
Endpoints written by hand for such a Service are overwritten in a cluster soon after they are applied. Endpoints that
the controller made itself, as in the output of kubectl get, are fine: their addresses refer to pods.`,
  *check(_, { view }) {
    for (const { service, endpoints } of view.services) {
      if (endpoints === undefined || !hasSelector(service) || isManaged(endpoints)) continue;
      const field = findHandWritten(endpoints);
      if (field === undefined) continue;
      yield {
        kind: 'Endpoints',
        object: endpoints,
        field,
        message: `these addresses are overwritten: ${labelOf('Service', service)} has a selector`,
        hint: 'remove the selector from the Service, or the Endpoints from the manifests',
        related: [{ kind: 'Service', object: service, field: ['spec', 'selector'], message: 'the selector' }],
      };
    }
  },
} as const satisfies ClusterRule;

function isManaged({ labels, annotations }: Endpoints): boolean {
  return (
    Object.hasOwn(labels, ENDPOINTS_MANAGED_BY_LABEL) || Object.hasOwn(annotations, LAST_CHANGE_ANNOTATION)
  );
}

/** The first address that does not refer to a pod: the controller makes no such. */
function findHandWritten({ subsets }: Endpoints): FieldPath | undefined {
  for (const [index, subset] of subsets.entries()) {
    for (const list of ['addresses', 'notReadyAddresses'] as const) {
      const at = subset[list].findIndex(({ targetRef }) => targetRef?.kind !== 'Pod');
      if (at >= 0) return ['subsets', index, list, at, 'ip'];
    }
  }
  return undefined;
}

/** kube-proxy reads endpoints by the name of their Service. */
export const endpointsHaveService = {
  code: 'endpoints-have-service',
  category: 'cross',
  severity: 'warning',
  summary: 'Endpoints or an EndpointSlice of a Service that does not exist',
  explanation: `Endpoints belong to the Service that has their name and namespace, EndpointSlices to the one that their
label kubernetes.io/service-name names. Without that Service no node makes rules for them, which is most often a slip in
a name. Only inputs that hold Services are checked, and Endpoints without addresses are not.`,
  *check(cluster, context) {
    const lookup = createLookup(context);
    for (const endpoints of cluster.endpoints) yield* checkEndpoints(endpoints, lookup);
    for (const slice of context.view.orphans) yield* checkSlice(slice, lookup);
  },
} as const satisfies ClusterRule;

interface Lookup extends ClusterContext {
  /** Read when they are first needed, as most often they are not. */
  readonly names: () => ServiceNames;
}

function createLookup(context: ClusterContext): Lookup {
  let names: ServiceNames | undefined;
  return {
    ...context,
    names: () => {
      names ??= readServiceNames(context.view);
      return names;
    },
  };
}

function* checkEndpoints(endpoints: Endpoints, lookup: Lookup): Iterable<ClusterFinding> {
  const { namespace, name, annotations, subsets } = endpoints;
  if (lookup.view.serviceOf(namespace, name) !== undefined || Object.hasOwn(annotations, LEADER_ANNOTATION))
    return;
  if (subsets.every(({ addresses, notReadyAddresses }) => addresses.length + notReadyAddresses.length === 0))
    return;
  const missing = explainMissing({ namespace, name }, lookup);
  if (missing === undefined) return;
  yield {
    kind: 'Endpoints',
    object: endpoints,
    field: ['metadata', 'name'],
    message: `there is no ${labelOf('Service', endpoints)} for these Endpoints`,
    hint: missing,
  };
}

function* checkSlice(slice: EndpointSlice, lookup: Lookup): Iterable<ClusterFinding> {
  const { namespace, serviceName } = slice;
  const base = { kind: 'EndpointSlice', object: slice } as const;
  if (serviceName === '') {
    yield {
      ...base,
      field: ['metadata', 'labels'],
      message: `the slice belongs to no Service: it has no label ${SERVICE_NAME_LABEL}`,
      hint: `add the label ${SERVICE_NAME_LABEL} with the name of its Service`,
    };
    return;
  }
  const service = { namespace, name: serviceName };
  const missing = explainMissing(service, lookup);
  if (missing === undefined) return;
  yield {
    ...base,
    field: ['metadata', 'labels', SERVICE_NAME_LABEL],
    message: `there is no ${labelOf('Service', service)} for this slice`,
    hint: missing,
  };
}

/**
 * What to do about a Service that is not there. undefined: nothing, as it is there but has errors, or as the input
 * may hold only a part of the cluster: nothing in it has that name or is in that namespace.
 */
function explainMissing(
  service: { readonly namespace: string; readonly name: string },
  { withheld, names }: Lookup,
): string | undefined {
  if (withheld.has(labelOf('Service', service))) return undefined;
  const { namespaceOf, hasNamespace, waitingIn } = names();
  const elsewhere = namespaceOf(service.name);
  if (elsewhere !== undefined) {
    const found = labelOf('Service', { ...service, namespace: elsewhere });
    return `did you mean namespace ${elsewhere}? ${found} is there`;
  }
  if (!hasNamespace(service.namespace)) return undefined;
  const near = didYouMean(service.name, waitingIn(service.namespace));
  if (near !== undefined) return `did you mean ${labelOf('Service', { ...service, name: near })}?`;
  return 'add the Service, or correct the name';
}

/** Names of Services, for hints about a name that none has. */
interface ServiceNames {
  /** A namespace in which some Service has this name. */
  readonly namespaceOf: (name: string) => string | undefined;
  readonly hasNamespace: (namespace: string) => boolean;
  /** Names that may be meant: those of Services without endpoints, the first hundred of them. */
  readonly waitingIn: (namespace: string) => readonly string[];
}

/** Comparing every unknown name with every Service would take the square of their number. */
const MAX_WAITING = 100;

/** Takes time linear in the number of Services. */
function readServiceNames({ services }: ClusterView): ServiceNames {
  const namespaces = new Map<string, string>();
  const waiting = new Map<string, string[]>();
  for (const { service, endpoints, slices } of services) {
    const { namespace, name } = service;
    if (!namespaces.has(name)) namespaces.set(name, namespace);
    const names = waiting.get(namespace) ?? [];
    waiting.set(namespace, names);
    const isWaiting = endpoints === undefined && slices.length === 0;
    if (isWaiting && names.length < MAX_WAITING) names.push(name);
  }
  return {
    namespaceOf: (name) => namespaces.get(name),
    hasNamespace: (namespace) => waiting.has(namespace),
    waitingIn: (namespace) => waiting.get(namespace) ?? [],
  };
}
