import { dnsLabelProblem, dnsSubdomainProblem } from '../formats/dns.ts';
import { isPlainIPv4, isPlainIPv6 } from '../formats/plain-address.ts';
import { isPortNumber, PROTOCOLS } from '../formats/port.ts';
import type * as api from '../generated/shapes.js';

/** An EndpointSlice as it came, without the nulls at its top. */
export interface SliceSubject {
  readonly slice: api.EndpointSlice;
  readonly endpoints: readonly (api.Endpoint | null)[];
  readonly ports: readonly (api.EndpointSliceEndpointPort | null)[];
  /**
   * Nothing in it that a rule with `skipsPlain` could object to: every endpoint has one address, canonical, of the
   * slice's type, in no special range, and no hints; all ports have numbers. Slices come by the ten thousand, nearly
   * all of them plain, and one look is cheaper than twenty.
   */
  readonly isPlain: boolean;
}

const MAX_PLAIN_ENDPOINTS = 1000;

/** `nodeNames`: names of nodes that were found valid before, to be added to. */
export function toSliceSubject(slice: api.EndpointSlice, nodeNames: Set<string>): SliceSubject {
  const endpoints = slice.endpoints ?? [];
  const ports = slice.ports ?? [];
  return { slice, endpoints, ports, isPlain: isPlain(slice.addressType, { endpoints, ports, nodeNames }) };
}

function isPlain(
  addressType: string | null | undefined,
  { endpoints, ports, nodeNames }: Pick<SliceSubject, 'endpoints' | 'ports'> & { nodeNames: Set<string> },
): boolean {
  if (addressType !== 'IPv4' && addressType !== 'IPv6') return false;
  if (endpoints.length > MAX_PLAIN_ENDPOINTS || !arePlainPorts(ports)) return false;
  const isPlainAddress = addressType === 'IPv4' ? isPlainIPv4 : isPlainIPv6;
  for (const endpoint of endpoints) {
    if (endpoint === null) return false;
    const { addresses, nodeName, hostname, deprecatedTopology, hints } = endpoint;
    if (hostname !== undefined || deprecatedTopology !== undefined || hints !== undefined) return false;
    if (addresses?.length !== 1 || !isPlainAddress(addresses[0] ?? '')) return false;
    if (typeof nodeName === 'string' && !nodeNames.has(nodeName)) {
      if (dnsSubdomainProblem(nodeName) !== undefined) return false;
      nodeNames.add(nodeName);
    }
  }
  return true;
}

function arePlainPorts(ports: SliceSubject['ports']): boolean {
  if (ports.length > 1 && new Set(ports.map((port) => port?.name ?? '')).size < ports.length) return false;
  return ports.every((port) => {
    if (port === null || typeof port.port !== 'number' || typeof port.appProtocol === 'string') return false;
    if (!isPortNumber(port.port) || !PROTOCOLS.includes(port.protocol ?? 'TCP')) return false;
    return !port.name || dnsLabelProblem(port.name) === undefined;
  });
}
