import { didYouMean } from '../../../diagnostic/did-you-mean.ts';
import { LEADER_ANNOTATION, SERVICE_NAME_LABEL } from '../../../kubernetes/labels.ts';
import type { EndpointSlice, Endpoints } from '../../../model/cluster.ts';
import { labelOf } from '../../diagnose.ts';
import type { ClusterFinding } from '../../rule.ts';
import type { ClusterContext, ClusterRule } from './cluster-rule.ts';
import type { ClusterView } from './view/cluster-view.ts';

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
