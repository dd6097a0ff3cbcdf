import type { WantedClient } from '../explain/connection/plan-connection.ts';
import { objectKey, type Pod } from '../model/cluster.ts';
import type { ClientWords, Fault, TrafficCase } from './expectation.ts';
import { selectSubject, unknownSubject } from './select.ts';
import type { World } from './world/world.ts';

/** Somebody who connects, and the nodes where that is. */
export interface Client {
  readonly label: string;
  readonly isOutside: boolean | 'by-address';
  readonly origin: WantedClient['origin'];
  /** Its addresses; undefined: whatever such a client has. */
  readonly ips: readonly string[] | undefined;
  readonly nodes: readonly (string | undefined)[];
}

/** Reports what is wrong with a field of a case. */
export type Fail = (field: TrafficCase['from'][number]['field'], problem: Fault) => readonly never[];

interface ClientContext {
  readonly world: World;
  readonly fail: Fail;
  readonly on: Client['nodes'];
  readonly isEachNode: boolean;
}

/** The clients that words of a case mean; each that is there must be on a node where the case runs. */
export function clientsOf(words: ClientWords, context: ClientContext): readonly Client[] {
  const { world, fail, on } = context;
  switch (words.kind) {
    case 'outside':
      return [{ label: 'outside', isOutside: true, origin: 'outside', ips: undefined, nodes: on }];
    case 'this-node':
      return on.map((node) => nodeClient(node));
    case 'address': {
      const pod = world.podOf(words.ip);
      if (pod !== undefined && !pod.hostNetwork) return podClient(knownPod(pod), words, context);
      const { ip } = words;
      const nodeName = world.known.homeOf(ip);
      if (nodeName !== undefined && (context.isEachNode || on.includes(nodeName)))
        return podClient({ label: `${ip}, a pod of ${nodeName}`, podIPs: [ip], nodeName }, words, context);
      return [{ label: ip, isOutside: 'by-address', origin: undefined, ips: [ip], nodes: on }];
    }
    default: {
      const { pods, nodes } = selectSubject(
        words,
        world.cluster,
        world.nodes.flatMap((node) => node ?? []),
      );
      if (pods.length + nodes.length === 0) return fail(words.field, unknownSubject(words, world));
      return [
        ...pods.flatMap((pod) => podClient(knownPod(pod), words, context)),
        ...nodes.map((node) => nodeClient(node)),
      ];
    }
  }
}

function nodeClient(node: string | undefined): Client {
  const label = node === undefined ? 'the node' : `node ${node}`;
  return { label, isOutside: false, origin: 'node', ips: undefined, nodes: [node] };
}

/** A pod, or an address that only pods of one node have. */
interface PodClient extends Pick<Pod, 'podIPs' | 'nodeName'> {
  readonly label: string;
}

function knownPod(pod: Pod): PodClient {
  const { podIPs, nodeName } = pod;
  return { label: `pod ${objectKey(pod)}`, podIPs, nodeName };
}

/** A pod is on its own node, whatever `at` says; where no node is known, on that one. */
function podClient(
  pod: PodClient,
  { field }: ClientWords,
  { world, fail, on, isEachNode }: ClientContext,
): readonly Client[] {
  const { label } = pod;
  const isAnywhere = world.nodes.every((node) => node === undefined);
  if (pod.podIPs.length === 0)
    return fail(field, {
      message: `${label} has no address`,
      hint: 'it is in status.podIPs, or use --synthesize-pods',
    });
  if (pod.nodeName === undefined && !isAnywhere)
    return fail(field, { message: `${label} is on no node`, hint: 'set spec.nodeName' });
  if (!isAnywhere && !isEachNode && !on.includes(pod.nodeName))
    return fail(field, {
      message: `${label} is on ${pod.nodeName}, and the case runs elsewhere`,
      hint: 'leave "at" out',
    });
  const nodes = isAnywhere ? on : [pod.nodeName];
  return [{ label, isOutside: false, origin: undefined, ips: pod.podIPs, nodes }];
}
