import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutRun, listNames } from '../../diagnostic/report.ts';
import { type Cluster, type IPFamily, objectKey } from '../../model/cluster.ts';
import { familyOf } from '../../model/ip.ts';
import type { ExplainCode } from '../codes.ts';
import type { KnownAddresses } from './known-addresses.ts';
import { type NameFault, podsNamed, unclearPod, unknownNode } from './name-faults.ts';
import type { ClientName, PodName } from './parse-client.ts';
import type { WantedClient } from './plan-connection.ts';

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
