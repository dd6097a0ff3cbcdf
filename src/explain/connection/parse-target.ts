import type { L4Protocol } from '../../lang/packet/l4-protocol.ts';
import type { IPFamily } from '../../model/cluster.ts';
import { parseIP } from '../../model/ip.ts';

/** Where a connection goes: an address, or a port of a Service by its name. */
export type WantedTarget =
  | {
      readonly kind: 'address';
      readonly ip: string;
      readonly family: IPFamily;
      readonly port: number;
      readonly protocol: L4Protocol;
    }
  | {
      readonly kind: 'name';
      readonly namespace: string;
      /** Without a namespace: a node may be meant. */
      readonly isBare?: boolean;
      readonly name: string;
      /** A name or number; undefined: the only one. */
      readonly port: string | undefined;
      readonly protocol: L4Protocol | undefined;
    };

export type WantedName = Extract<WantedTarget, { readonly kind: 'name' }>;

const ADDRESS = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):(\d{1,5})$/;
const NAME = /^(?:([a-z0-9-]{1,63})\/)?([a-z0-9-]{1,63})(?::([a-z0-9-]{1,63}))?$/;
/** As DNS knows it. At least one letter tells it from an IPv4 address. */
const DNS_NAME =
  /^(?=[^:]*[a-z])([a-z0-9-]{1,63})\.([a-z0-9-]{1,63})(?:\.svc(?:\.[a-z0-9.-]{1,253})?)?(?::([a-z0-9-]{1,63}))?$/;
/** Of a node, as clouds name them: Services have no dots in their names. */
const NODE_NAME = /^((?=[^:]*[a-z])[a-z0-9][a-z0-9.-]{0,251}[a-z0-9]):(\d{1,5})$/;
/** As it is copied out of a browser, or a command: `http://web.shop:80/healthz`. */
const URL = /^(https?):\/\/([^\s/?#]+)(?:[/?#].*)?$/;
const PROTOCOL = /\/(tcp|udp|sctp)$/i;

/**
 * `10.96.0.1:80`, `[fd00::1]:53/udp`, `default/web:http`, `web`, `web.default`, `web.default.svc.cluster.local:80`, `worker-1:30080`,
 * `http://web.default/`.
 * @param ownNamespace that of a name without one
 * @returns undefined when it is none of these
 */
export function parseTarget(text: string, ownNamespace = 'default'): WantedTarget | undefined {
  const [, scheme, host] = URL.exec(text) ?? [];
  if (host !== undefined)
    return parseTarget(/:\d+$/.test(host) ? host : `${host}:${scheme === 'http' ? 80 : 443}`, ownNamespace);
  const suffix = text.includes(':') ? PROTOCOL.exec(text) : null;
  const rest = suffix === null ? text : text.slice(0, suffix.index);
  const protocol = readProtocol(suffix?.[1]);
  const [, ipv6, ipv4, port] = ADDRESS.exec(rest) ?? [];
  if (port !== undefined) return addressTarget(ipv6 ?? ipv4 ?? '', Number(port), protocol);
  const [, dnsName, dnsNamespace, dnsPort] = DNS_NAME.exec(rest) ?? [];
  if (dnsName !== undefined && dnsNamespace !== undefined)
    return { kind: 'name', namespace: dnsNamespace, name: dnsName, port: dnsPort, protocol };
  const [, namespace, name, servicePort] = NAME.exec(rest) ?? [];
  const place = { namespace: namespace ?? ownNamespace, isBare: namespace === undefined };
  const [, node, nodePort] = NODE_NAME.exec(rest) ?? [];
  if (name === undefined && node !== undefined)
    return { kind: 'name', ...place, name: node, port: nodePort, protocol };
  if (name === undefined) return undefined;
  return { kind: 'name', ...place, name, port: servicePort, protocol };
}

/** The words of WantedTarget, for messages. */
export const TARGET_WORDS =
  'ADDRESS:PORT (10.96.0.1:80, [fd00::1]:53/udp), NODE:PORT (worker-1:30080) or a Service (default/web:http)';

function addressTarget(text: string, port: number, protocol: L4Protocol = 'tcp'): WantedTarget | undefined {
  const address = parseIP(text);
  if (address === undefined || port < 1 || port > 65_535) return undefined;
  return { kind: 'address', ip: address.ip, family: address.family, port, protocol };
}

function readProtocol(text: string | undefined): L4Protocol | undefined {
  return (['tcp', 'udp', 'sctp'] as const).find((protocol) => protocol === text?.toLowerCase());
}
