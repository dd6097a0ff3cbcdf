import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { unclearPod } from '../explain/connection/name-faults.ts';
import type { Pod } from '../model/cluster.ts';
import { joinHostPort } from '../model/ip.ts';
import type { EndpointWords, Expectation, Fault, Selector, TrafficCase } from './expectation.ts';
import type { PlannedConnection } from './find-targets.ts';
import { unmatched } from './select.ts';
import type { World } from './world/world.ts';

export type Reaches = Extract<Expectation, { readonly kind: 'reaches' }>;

/** Exactly the endpoints that a connection is to reach. */
export interface WantedEndpoints {
  readonly pods: readonly Pod[];
  readonly addresses: readonly WantedAddress[];
}

type WantedAddress = Extract<EndpointWords, { readonly kind: 'address' }>;

/** Whom an expectation wants a connection to reach; undefined: it does not say. */
export function wantedBy(
  { pods, endpoints }: Reaches,
  connection: Pick<PlannedConnection, 'target'>,
  world: World,
): WantedEndpoints | undefined {
  const namespace = connection.target?.servicePort.name.namespace;
  if (pods !== undefined) return { pods: world.podsLike(inNamespace(pods, namespace)), addresses: [] };
  return (
    endpoints && {
      pods: endpoints.flatMap((words) => (words.kind === 'pod' ? podsOf(words, namespace, world) : [])),
      addresses: endpoints.flatMap((words) => (words.kind === 'address' ? [words] : [])),
    }
  );
}

/** Pods are those of the Service's namespace, unless another one is named. */
function inNamespace(selector: Omit<Selector, 'of'>, namespace: string | undefined): Omit<Selector, 'of'> {
  return { ...selector, namespace: selector.namespace ?? namespace };
}

function podsOf(
  words: Extract<EndpointWords, { kind: 'pod' }>,
  namespace: string | undefined,
  { podsLike }: World,
): readonly Pod[] {
  const like = { labels: {}, namespace: words.namespace ?? namespace, node: undefined, zone: undefined };
  return podsLike(like).filter(({ name }) => name === words.name);
}

/** As files have it. */
export function nameOfWanted(words: EndpointWords): string {
  if (words.kind === 'pod')
    return words.namespace === undefined ? words.name : `${words.namespace}/${words.name}`;
  return words.port === undefined ? words.ip : joinHostPort(words.ip, words.port);
}

/** A case that wants pods which nobody has could not say what is wrong: it is a slip, or the pods are gone. */
export function unknownWanted(
  { expect, report }: TrafficCase,
  connections: readonly PlannedConnection[],
  world: World,
): readonly Diagnostic[] {
  if (expect.kind !== 'reaches' || (expect.pods ?? expect.endpoints) === undefined) return [];
  const found: Diagnostic[] = [];
  const fail = (field: string | number, fault: Fault) =>
    found.push(report('expectation-subject-known', ['expect', 'reaches', ...fieldOf(field)], fault));
  const namespaces = new Set(connections.map(({ target }) => target?.servicePort.name.namespace));
  for (const namespace of namespaces) {
    if (expect.pods !== undefined) {
      const selector = inNamespace(expect.pods, namespace);
      if (world.podsLike(selector).length === 0)
        fail('pods', unmatched({ ...selector, of: 'pods' }, world.cluster));
    }
    for (const [index, words] of (expect.endpoints ?? []).entries()) {
      if (words.kind === 'pod' && podsOf(words, namespace, world).length === 0)
        fail(index, unclearPod({ ...words, namespace: words.namespace ?? namespace }, world.cluster));
    }
  }
  return found;
}

function fieldOf(field: string | number): readonly (string | number)[] {
  return typeof field === 'number' ? ['endpoints', field] : [field];
}
