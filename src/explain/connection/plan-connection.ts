import { type Host, interfaceTo, isLocal, sourceTo } from '../../lang/packet/host.ts';
import {
  type NetworkInterface,
  NO_INTERFACE,
  type Packet,
  UNKNOWN_INTERFACE,
} from '../../lang/packet/packet.ts';
import type { IPFamily } from '../../model/cluster.ts';
import { cidrContains } from '../../model/ip.ts';
import type { LocalDetector } from '../../model/node-state.ts';
import type { Connection, Origin } from '../explanation.ts';
import type { TargetAddress } from './targets.ts';

/** What is known of addresses: who has them. */
export type OwnerOf = (ip: string) => string | undefined;

/** Who connects, as far as it was said. */
export interface WantedClient {
  /** Canonical; undefined: not said. */
  readonly ip: string | undefined;
  readonly origin: 'node' | 'outside' | undefined;
  /** The interface that its packets come in on; undefined: not said. */
  readonly inInterface: string | undefined;
  /** The one that they leave by; undefined: not said. */
  readonly outInterface: string | undefined;
}

/** What is known of the node that a client may be on. */
export interface NodeFacts {
  readonly family: IPFamily;
  readonly host: Host;
  /** Its address, for what it sends itself; undefined: not known. */
  readonly nodeIP: string | undefined;
  /** Addresses of its own pods, as far as they are known. */
  readonly podIPs: ReadonlySet<string>;
  /** The ranges that its pods have addresses of: `spec.podCIDRs` of its Node. */
  readonly podCIDRs: readonly string[];
  /** How rules tell its pods; undefined: not known. */
  readonly localDetector: LocalDetector | undefined;
  /** Who connects from an address: a Pod, a Node, or a pod of the Node that has its range. */
  readonly clientOf: OwnerOf;
}

/** Documentation addresses (RFC 5737, RFC 3849): nobody has them. */
const SOMEBODY: Readonly<Record<IPFamily, string>> = { IPv4: '192.0.2.1', IPv6: '2001:db8::1' };

/** An interface that is not one of those that pods have. */
const OTHER_INTERFACE: NetworkInterface = { kind: 'named', name: '' };

/** The connection that is meant; undefined: the node itself connects, from an address that is not known. */
export function planConnection(
  client: WantedClient,
  destination: TargetAddress,
  facts: NodeFacts,
): Omit<Connection, 'target'> | undefined {
  const sender = senderOf(client, destination, facts);
  if (sender === undefined) return undefined;
  const { source, origin } = sender;
  const isTold = client.origin !== undefined || origin === 'node';
  return { ...destination, source, origin, client: isTold ? undefined : facts.clientOf(source) };
}

/** From where a connection comes; undefined: the node itself connects, from an address that is not known. */
export function senderOf(
  client: WantedClient,
  destination: TargetAddress,
  facts: NodeFacts,
): Pick<Connection, 'source' | 'origin'> | undefined {
  const source = client.ip ?? defaultSource(client, destination, facts);
  return source === undefined ? undefined : { source, origin: originOf(source, client, facts) };
}

/** What a process of the node sends to the node itself comes from the address that it goes to; routes choose it elsewhere. */
function defaultSource(
  { origin }: WantedClient,
  { destination }: TargetAddress,
  { family, host, nodeIP }: NodeFacts,
): string | undefined {
  if (origin !== 'node') return SOMEBODY[family];
  return isLocal(host, destination) ? destination : (sourceTo(host, destination) ?? nodeIP);
}

function originOf(
  source: string,
  { origin }: WantedClient,
  { host, podIPs, podCIDRs, localDetector }: NodeFacts,
): Origin {
  if (origin !== undefined) return origin;
  if (isLocal(host, source)) return 'node';
  if (podIPs.has(source) || podCIDRs.some((cidr) => cidrContains(cidr, source))) return 'pod';
  return localDetector?.kind === 'cidr' && podIPs.size === 0 && cidrContains(localDetector.cidr, source)
    ? 'pod'
    : 'outside';
}

/** Its first packet, before the node has looked at it. */
export function firstPacket(
  { protocol, source, origin, destination, port }: Omit<Connection, 'target' | 'client'>,
  { inInterface, outInterface }: WantedClient,
  { family, localDetector, host }: NodeFacts,
): Packet {
  return {
    family,
    protocol,
    source,
    destination,
    port,
    inInterface:
      inInterface === undefined
        ? interfaceOf({ origin, source }, localDetector, host)
        : { kind: 'named', name: inInterface },
    outInterface: outInterface === undefined ? UNKNOWN_INTERFACE : { kind: 'named', name: outInterface },
    mark: 0,
  };
}

/** Packets come in where answers to them leave. */
function interfaceOf(
  { origin, source }: Pick<Connection, 'origin' | 'source'>,
  detector: LocalDetector | undefined,
  host: Host,
): NetworkInterface {
  if (origin === 'node') return NO_INTERFACE;
  const told = interfaceTo(host, source);
  if (told.kind === 'named') return told;
  switch (detector?.kind) {
    case 'interface':
      return origin === 'pod' ? { kind: 'named', name: detector.name } : OTHER_INTERFACE;
    case 'interface-prefix':
      return origin === 'pod' ? { kind: 'named', name: `${detector.prefix}0` } : OTHER_INTERFACE;
    default:
      return told;
  }
}
