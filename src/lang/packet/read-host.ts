import type { IPFamily } from '../../model/cluster.ts';
import { familyOf, parseCIDR, parseIP } from '../../model/ip.ts';
import type { Route } from './host.ts';
import { type KernelFacts, readKernelFacts } from './kernel-facts.ts';

/** What the tool `ip` printed of a node, and its kernel. */
export interface ReadHost {
  readonly facts: KernelFacts;
  /** The bridges that interfaces are ports of. */
  readonly bridges: ReadonlyMap<string, string>;
  /** Those of its interfaces. */
  readonly addresses: readonly string[];
  /** In their order; undefined: there are none in the text. */
  readonly routes: readonly Route[] | undefined;
}

/**
 * Finds what `ip -j addr`, `ip -j route`, and the same without `-j`, printed, wherever it is in a text.
 * @returns undefined when there is neither an address nor a route nor a setting of the kernel
 */
export function readHost(text: string): ReadHost | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const objects = jsonArrays(lines).flat();
  const addresses = [...objects.flatMap(addressesOf), ...lines.flatMap(plainAddresses)];
  const routes = [...objects.flatMap(routesOf), ...lines.flatMap(plainRoutes)];
  const facts = readKernelFacts(lines);
  if (addresses.length + routes.length + facts.settings.size === 0) return undefined;
  const bridges = new Map([...objects.flatMap(bridgeOf), ...lines.flatMap(plainBridge)]);
  return {
    addresses: [...new Set(addresses)],
    routes: routes.length === 0 ? undefined : routes,
    facts,
    bridges,
  };
}

/** Whether a text may hold anything of all that: rules of nodes are long, and most texts have nothing else. */
export function mayHoldHost(text: string): boolean {
  return ['"addr_info"', ' scope ', '\nnet.ipv4.'].some((sign) => text.includes(sign));
}

/** A text of something else is not worth more. */
const MAX_ATTEMPTS = 500;

/** Arrays of JSON, each of which begins and ends with a line. */
function jsonArrays(lines: readonly string[]): readonly (readonly unknown[])[] {
  const ends = lines.flatMap((line, index) => (/^(?:.*\} *)?\]$/.test(line) ? index : []));
  const found: (readonly unknown[])[] = [];
  let next = 0;
  let attempts = 0;
  for (const [first, line] of lines.entries()) {
    if (first < next || !/^\[ *(?:\{|$)/.test(line)) continue;
    for (const last of ends) {
      if (last < first) continue;
      attempts += 1;
      if (attempts > MAX_ATTEMPTS) return found;
      const parsed = parseArray(lines.slice(first, last + 1).join('\n'));
      if (parsed === undefined) continue;
      found.push(parsed);
      next = last + 1;
      break;
    }
  }
  return found;
}

function parseArray(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function text(value: unknown, name: string): string {
  const found = member(value, name);
  return typeof found === 'string' ? found : '';
}

function addressesOf(link: unknown): readonly string[] {
  const infos = member(link, 'addr_info');
  return Array.isArray(infos) ? infos.flatMap((each) => parseIP(text(each, 'local'))?.ip ?? []) : [];
}

type BridgePort = readonly [port: string, bridge: string];

function bridgeOf(link: unknown): readonly BridgePort[] {
  const [name, bridge] = [text(link, 'ifname'), text(link, 'master')];
  return name === '' || bridge === '' ? [] : [[name, bridge]];
}

/** `7: veth1a@if2: <BROADCAST,UP> mtu 1450 qdisc noqueue master cni0 state UP`. */
function plainBridge(line: string): readonly BridgePort[] {
  const [, name, bridge] = /^\d+: ([^\s:@]+)(?:@[^\s:]*)?: <[^>]*> .*?\bmaster (\S+)/.exec(line) ?? [];
  return name === undefined || bridge === undefined ? [] : [[name, bridge]];
}

/** Routes of these types lead to no interface. */
const NOWHERE = /^(?:blackhole|unreachable|prohibit|throw|local|broadcast|anycast|multicast)$/;

function routesOf(route: unknown): readonly Route[] {
  const [nexthop] = [member(route, 'nexthops')].flat();
  const device = text(route, 'dev') || text(nexthop, 'dev');
  const table = text(route, 'table') || 'main';
  if (device === '' || table !== 'main' || NOWHERE.test(text(route, 'type'))) return [];
  return routesTo(text(route, 'dst'), text(route, 'gateway') || text(nexthop, 'gateway'), device);
}

/** A default route without a gateway is taken to be one of both families. */
function routesTo(destination: string, gateway: string, device: string): readonly Route[] {
  if (destination === 'default') {
    const families: readonly IPFamily[] = gateway === '' ? ['IPv4', 'IPv6'] : [familyOf(gateway)];
    return families.map((family) => ({ cidr: family === 'IPv4' ? '0.0.0.0/0' : '::/0', device }));
  }
  const address = parseIP(destination);
  const cidr =
    address === undefined
      ? parseCIDR(destination)?.cidr
      : `${address.ip}/${address.family === 'IPv4' ? 32 : 128}`;
  return cidr === undefined ? [] : [{ cidr, device }];
}

/** `inet 10.42.0.1/24 brd 10.42.0.255 scope global cni0`. */
function plainAddresses(line: string): readonly string[] {
  const [, address = ''] =
    /^(?:\d+: \S+ +)?inet6? ([0-9a-f.:]+)(?:\/\d+)? .*\b(?:scope|brd|peer)\b/.exec(line) ?? [];
  const ip = parseIP(address)?.ip;
  return ip === undefined ? [] : [ip];
}

/** `10.42.0.0/24 dev cni0 proto kernel scope link src 10.42.0.1`, `default via 192.168.1.1 dev eth0`. */
function plainRoutes(line: string): readonly Route[] {
  const [, destination = '', gateway = '', device = ''] =
    /^(default|[0-9a-f.:]+(?:\/\d+)?) (?:(?:nhid \d+ )?via (?:inet6? )?(\S+) )?(?:nhid \d+ )?dev (\S+)/.exec(
      line,
    ) ?? [];
  return device === '' || IS_IN_OTHER_TABLE.test(line) ? [] : routesTo(destination, gateway, device);
}

/** As `ip route show table all` prints it, where rules must choose the table. */
const IS_IN_OTHER_TABLE = / table (?!main\b|254\b)\S/;
