import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { aboutRun, listNames } from '../diagnostic/report.ts';
import { hasLabels } from '../kubernetes/selectors.ts';
import { type Cluster, type IPFamily, objectKey, type Pod, type Workload } from '../model/cluster.ts';
import { familyOf, parseIP } from '../model/ip.ts';
import type { ValueResult } from '../validate/proxy-values.ts';
import type { ExplainCode } from './codes.ts';
import type { KnownAddresses } from './known-addresses.ts';
import type { WantedClient } from './plan-connection.ts';

/** Who connects, as people say it: one grammar for `explain --from`, the page and the cases of `svcgen test`. */
export type ClientName =
  | { readonly kind: 'outside' }
  /** The node whose rules are followed. */
  | { readonly kind: 'this-node' }
  /** Canonical. */
  | { readonly kind: 'address'; readonly ip: string }
  | PodName
  | { readonly kind: 'node'; readonly name: string };

export interface PodName {
  readonly kind: 'pod';
  /** undefined: not said. */
  readonly namespace: string | undefined;
  readonly name: string;
}

const NAME = '[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?';
const NODE = new RegExp(`^node[ /](${NAME})$`);
const NODE_NAME = new RegExp(`^(?:node[ /])?(${NAME})$`);
const POD = new RegExp(`^(?:pod[ /])?(?:(${NAME})/)?(${NAME})$`);

/** `worker-1`, `node worker-1`, `node/worker-1`; undefined: it is no name of a node. */
export function parseNodeName(text: string): string | undefined {
  return NODE_NAME.exec(text)?.[1];
}

/** The words of ClientName, for messages. */
export const CLIENT_WORDS =
  'an address, a pod (shop/web-0, or web-0), outside, node (the one whose rules are followed), or node NAME';

/**
 * `10.1.2.3`, `shop/web-0`, `web-0`, `pod shop/web-0`, `pod/web-0`, `outside`, `node`, `node worker-1`, `node/worker-1`.
 * @returns undefined when it is none of these
 */
export function parseClient(text: string): ClientName | undefined {
  if (text === 'outside') return { kind: 'outside' };
  if (text === 'node') return { kind: 'this-node' };
  const address = parseIP(text);
  if (address !== undefined) return { kind: 'address', ip: address.ip };
  const [, node] = NODE.exec(text) ?? [];
  if (node !== undefined) return { kind: 'node', name: node };
  const [, namespace, pod] = POD.exec(text) ?? [];
  // Four numbers are an address that somebody has misspelled.
  return pod === undefined || /^[\d.]+$/.test(text) ? undefined : { kind: 'pod', namespace, name: pod };
}

/** The words of ClientName, or what is wrong with them. */
export function readClientName(text: string): ValueResult<ClientName> {
  const value = parseClient(text.trim());
  if (value !== undefined) return { kind: 'value', value };
  const isAddress = /^[\d.]+$|:/.test(text);
  const what = isAddress ? 'is no IP address' : `is no client: it takes ${CLIENT_WORDS}`;
  return { kind: 'problem', message: `${JSON.stringify(text.slice(0, 100))} ${what}` };
}

/** What is wrong with a name, and what to do. */
export interface NameFault {
  readonly message: string;
  readonly hint: string;
}

/** What to do where workloads have no pods. */
export const SYNTHESIZE = '--synthesize-pods makes pods of the workloads in the input';

/** A pod without a namespace is in this one, if there is any said. */
export function inNamespace<Client extends ClientName | undefined>(
  client: Client,
  namespace: string | undefined,
) {
  return client?.kind === 'pod' && namespace !== undefined
    ? { ...client, namespace: client.namespace ?? namespace }
    : client;
}

/** The pods that a name means. Without a namespace, that is the one in `default`, else all of that name. */
export function podsNamed(pods: readonly Pod[], { namespace, name }: PodName): readonly Pod[] {
  const alike = pods.filter((pod) => pod.name === name);
  const own = alike.filter((pod) => pod.namespace === (namespace ?? 'default'));
  return namespace === undefined && own.length === 0 ? alike : own;
}

/** No pod has this name, or several have. */
export function unclearPod(wanted: PodName, { pods, workloads, nodes }: Cluster): NameFault {
  const name =
    wanted.namespace === undefined ? wanted.name : objectKey({ ...wanted, namespace: wanted.namespace });
  const found = podsNamed(pods, wanted);
  if (found.length > 1)
    return {
      message: `there are several pods ${name}`,
      hint: `name one of ${listNames(found.map(objectKey))}`,
    };
  const message = `there is no pod ${name} in the input`;
  const elsewhere = pods.filter((pod) => pod.name === wanted.name);
  const isNode = wanted.namespace === undefined && nodes.some((node) => node.name === wanted.name);
  if (found.length === 0 && OUTSIDERS.has(name)) return { message, hint: 'did you mean outside?' };
  if (isNode) return { message, hint: `did you mean node ${wanted.name}?` };
  if (elsewhere.length > 0) return { message, hint: `did you mean ${listNames(elsewhere.map(objectKey))}?` };
  const workload = workloads.find((each) => isWorkload(each, wanted));
  if (workload !== undefined) return { message, hint: podsOfWorkload(workload, pods) };
  if (pods.length === 0 && workloads.length > 0) return { message, hint: SYNTHESIZE };
  return withNear(message, name, pods.map(objectKey));
}

/** What people call somebody outside. */
const OUTSIDERS: ReadonlySet<string> = new Set([
  'internet',
  'external',
  'world',
  'client',
  'anywhere',
  'anybody',
  'any',
]);

/** `shop/front`, `front`, `deployment/front`. */
function isWorkload({ kind, namespace, name }: Workload, wanted: PodName): boolean {
  const place = wanted.namespace ?? namespace;
  const isKind = place.length >= 3 && kind.toLowerCase().startsWith(place);
  return name === wanted.name && (place === namespace || isKind);
}

function podsOfWorkload({ kind, name, namespace, template }: Workload, pods: readonly Pod[]): string {
  const own = pods.filter((pod) => pod.namespace === namespace && hasLabels(pod.labels, template.labels));
  const what = `${namespace}/${name} is a ${kind}`;
  if (own.length === 0) return `${what} without pods in the input: ${SYNTHESIZE}`;
  return `${what}: name a pod of it, like ${listNames(own.slice(0, 3).map(objectKey))}`;
}

/** No node has this name. */
export function unknownNode(name: string, nodes: readonly (string | undefined)[]): NameFault {
  const known = nodes.flatMap((node) => node ?? []);
  return withNear(`there is no node ${name} in the input`, name, known);
}

function withNear(message: string, name: string, known: readonly string[]): NameFault {
  const near = didYouMean(name, known);
  const all = known.length === 0 ? 'there are none' : `there are ${listNames(known)}`;
  return { message, hint: near === undefined ? all : `did you mean ${near}?` };
}

/** A client, found. */
export interface FoundClient {
  /** Its addresses; undefined: whatever such a client has. */
  readonly ips: readonly string[] | undefined;
  readonly origin: WantedClient['origin'];
  /** What it is, where it has been named: `pod shop/web-0`. */
  readonly label: string | undefined;
  /** The node that it is on; undefined: not known. */
  readonly node: string | undefined;
}

/** What is known where a client is looked for. */
export interface ClientPlace {
  /** undefined: there are no manifests. */
  readonly cluster: Cluster | undefined;
  readonly known: KnownAddresses;
  /** The node whose rules are followed; undefined: it has no name. */
  readonly nodeName: string | undefined;
}

/** Finds whom a name means. */
export function findClient(
  name: ClientName,
  { cluster, known, nodeName }: ClientPlace,
): FoundClient | Diagnostic {
  switch (name.kind) {
    case 'outside':
      return { ips: undefined, origin: 'outside', label: undefined, node: undefined };
    case 'this-node':
      return { ips: undefined, origin: 'node', label: undefined, node: undefined };
    case 'address': {
      const { ip } = name;
      return { ips: [ip], origin: undefined, label: known.clientOf(ip), node: known.nodeOf(ip) };
    }
    case 'pod':
      return cluster === undefined
        ? clientUnknown(withoutManifests(`pod ${name.name}`))
        : namedPod(name, cluster);
    case 'node':
      if (name.name === nodeName)
        return { ips: undefined, origin: 'node', label: `node ${nodeName}`, node: nodeName };
      return cluster === undefined
        ? clientUnknown(withoutManifests(`node ${name.name}`))
        : namedNode(name.name, cluster);
  }
}

/** Its address of a family; undefined: it is none that the client is known by. */
export function addressOf(
  { ips, label = 'the client' }: FoundClient,
  family: IPFamily,
): { readonly ip: string | undefined } | Diagnostic {
  const ip = ips?.find((each) => familyOf(each) === family);
  if (ips === undefined || ip !== undefined) return { ip };
  const message = `${label} has no ${family} address, which the connection is of`;
  return clientUnknown({
    message,
    hint: `it has ${listNames(ips)}: --family chooses another address of a Service`,
  });
}

function namedPod(name: PodName, cluster: Cluster): FoundClient | Diagnostic {
  const [pod, ...others] = podsNamed(cluster.pods, name);
  if (pod === undefined || others.length > 0) return clientUnknown(unclearPod(name, cluster));
  const label = `pod ${objectKey(pod)}`;
  if (pod.podIPs.length === 0)
    return clientUnknown({
      message: `${label} has no address`,
      hint: 'it is in status.podIPs of a running pod',
    });
  return { ips: pod.podIPs, origin: undefined, label, node: pod.nodeName };
}

function namedNode(name: string, { nodes }: Cluster): FoundClient | Diagnostic {
  const node = nodes.find((each) => each.name === name);
  if (node === undefined)
    return clientUnknown(
      unknownNode(
        name,
        nodes.map((each) => each.name),
      ),
    );
  const label = `node ${name}`;
  if (node.addresses.length === 0)
    return clientUnknown({
      message: `${label} has no address`,
      hint: 'it is in status.addresses of the Node',
    });
  return { ips: node.addresses, origin: undefined, label, node: name };
}

function withoutManifests(what: string): NameFault {
  return {
    message: `without manifests, nobody knows which address ${what} has`,
    hint: 'give manifests as paths too ("kubectl get svc,endpointslices,pods,nodes -A -o yaml"), or --from ADDRESS',
  };
}

/** Nobody is meant, or nobody can tell who. */
function clientUnknown({ message, hint }: NameFault): Diagnostic {
  return aboutRun<ExplainCode>({ code: 'client-known', severity: 'error', message, hint });
}
