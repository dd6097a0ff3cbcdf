import type { IPFamily } from '../../model/cluster.ts';
import { familyOf, parseCIDR, parseIP } from '../../model/ip.ts';
import { lineEnd } from '../text/stretch.ts';
import { ROUTE_REFUSALS, type Route, type RouteRefusal } from './host.ts';
import { type KernelFacts, readKernelFacts } from './kernel-facts.ts';

/** What the tool `ip` printed of a node, and its kernel. */
export interface ReadHost {
  readonly facts: KernelFacts;
  /** The bridges that interfaces are ports of. */
  readonly bridges: ReadonlyMap<string, string>;
  /** Those of its interfaces. */
  readonly addresses: readonly string[];
  /** The same by the names of interfaces, as far as they are told. */
  readonly interfaces: ReadonlyMap<string, readonly string[]>;
  /** In their order; undefined: there are none in the text. */
  readonly routes: readonly Route[] | undefined;
}

/**
 * Finds what `ip -j addr`, `ip -j route`, and the same without `-j`, printed, wherever it is in a text.
 * @returns undefined when there is neither an address nor a route nor a setting of the kernel
 */
export function readHost(text: string): ReadHost | undefined {
  const lines = linesBesideRules(text);
  const objects = jsonArrays(lines).flat();
  const owned = [...objects.flatMap(addressesOf), ...plainAddresses(lines)];
  const addresses = owned.map(({ ip }) => ip);
  const routes = [...objects.flatMap(routesOf), ...plainRoutes(lines)];
  const facts = readKernelFacts(lines);
  const { settings, remembered, persistent } = facts;
  if (addresses.length + routes.length + settings.size + remembered.length + persistent.length === 0)
    return undefined;
  const bridges = new Map([...objects.flatMap(bridgeOf), ...lines.flatMap(plainBridge)]);
  return {
    addresses: [...new Set(addresses)],
    interfaces: byInterface(owned),
    routes: routes.length === 0 ? undefined : routes,
    facts,
    bridges,
  };
}

/** What lines of rules, sets and virtual servers begin with. A large node has half a million of them, in one text with its addresses. */
const RULES = ['-A ', ':', '-a ', 'add ', '-N '];

function linesBesideRules(text: string): readonly string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = lineEnd(text, start);
    if (!RULES.some((rule) => text.startsWith(rule, start))) lines.push(text.slice(start, end).trim());
    start = end + 1;
  }
  return lines;
}

const SIGNS = ['"addr_info"', ' scope ', '\nnet.ipv4.', '/xt_recent/', 'pro expire state'];

/** Whether a text may hold anything of all that: rules of nodes are long, and most texts have nothing else. */
export function mayHoldHost(text: string): boolean {
  return SIGNS.some((sign) => text.includes(sign));
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

interface OwnedAddress {
  readonly ip: string;
  /** The name of the interface; "": not told. */
  readonly device: string;
}

function byInterface(owned: readonly OwnedAddress[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { ip, device } of owned) {
    const known = found.get(device);
    if (known === undefined) found.set(device, [ip]);
    else known.push(ip);
  }
  return found;
}

function addressesOf(link: unknown): readonly OwnedAddress[] {
  const infos = member(link, 'addr_info');
  if (!Array.isArray(infos)) return [];
  return infos.flatMap((each) => {
    const address = parseIP(text(each, 'local'));
    return address === undefined ? [] : [{ ip: address.ip, device: text(link, 'ifname') }];
  });
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

/** Routes of these types are about the addresses of the node, or about groups. */
const NOT_TO_OTHERS = /^(?:local|broadcast|anycast|multicast)$/;

function routesOf(route: unknown): readonly Route[] {
  const [nexthop] = [member(route, 'nexthops')].flat();
  const table = text(route, 'table') || 'main';
  const type = text(route, 'type');
  if (table !== 'main' || NOT_TO_OTHERS.test(type)) return [];
  return routesTo(text(route, 'dst'), {
    type,
    device: text(route, 'dev') || text(nexthop, 'dev'),
    gateway: text(route, 'gateway') || text(nexthop, 'gateway') || text(member(route, 'via'), 'host'),
    source: text(route, 'prefsrc'),
  });
}

/** Words of a route; "": it does not have them. */
interface RouteWords {
  readonly type: string;
  readonly device: string;
  readonly gateway: string;
  readonly source: string;
}

function routesTo(destination: string, words: RouteWords): readonly Route[] {
  const gateway = parseIP(words.gateway)?.ip;
  const source = parseIP(words.source)?.ip;
  const refusal = ROUTE_REFUSALS.find((each) => each === words.type);
  const way = {
    ...(words.device === '' || refusal !== undefined ? {} : { device: words.device }),
    ...(gateway === undefined ? {} : { gateway }),
    ...(source === undefined ? {} : { source }),
    ...(refusal === undefined ? {} : { refusal }),
  };
  if (destination === 'default') {
    return defaultFamilies(gateway ?? source, words.device, refusal).map((family) => ({
      cidr: family === 'IPv4' ? '0.0.0.0/0' : '::/0',
      ...way,
    }));
  }
  const address = parseIP(destination);
  const cidr =
    address === undefined
      ? parseCIDR(destination)?.cidr
      : `${address.ip}/${address.family === 'IPv4' ? 32 : 128}`;
  return cidr === undefined ? [] : [{ cidr, ...way }];
}

/**
 * A default route without any address is taken to be one of both families. Those that lead nowhere name the interface lo
 * in IPv6, and none in IPv4.
 */
function defaultFamilies(
  ip: string | undefined,
  device: string,
  refusal: RouteRefusal | undefined,
): readonly IPFamily[] {
  if (ip !== undefined) return [familyOf(ip)];
  if (refusal !== undefined) return [device === '' ? 'IPv4' : 'IPv6'];
  return ['IPv4', 'IPv6'];
}

/** `2: eth0: <BROADCAST,UP> mtu 1500 …`, and `2: eth0    inet …` of `ip -o addr`. */
const PLAIN_LINK = /^\d+: ([^\s:@]+)/;

/** `inet 10.42.0.1/24 brd 10.42.0.255 scope global cni0`, below the line of its interface. */
function plainAddresses(lines: readonly string[]): readonly OwnedAddress[] {
  let device = '';
  return lines.flatMap((line) => {
    device = PLAIN_LINK.exec(line)?.[1] ?? device;
    const [, address = ''] =
      /^(?:\d+: \S+ +)?inet6? ([0-9a-f.:]+)(?:\/\d+)? .*\b(?:scope|brd|peer)\b/.exec(line) ?? [];
    const ip = parseIP(address)?.ip;
    return ip === undefined ? [] : [{ ip, device }];
  });
}

/** `10.42.0.0/24 dev cni0 proto kernel scope link src 10.42.0.1`, `default via 192.168.1.1 dev eth0`, `blackhole 10.1.0.0/16`. */
const PLAIN_ROUTE =
  /^(?:(blackhole|unreachable|prohibit|throw) )?(default|[0-9a-f.:]+(?:\/\d+)?)(?: (?:via|dev|nhid|nexthop|proto|scope|src|metric|encap|tos|table)\b.*)?$/;

/** Where a route has several ways, each has a line below it: `nexthop via 192.168.1.1 dev eth0 weight 1`. */
function plainRoutes(lines: readonly string[]): readonly Route[] {
  return lines.flatMap((line, index) => {
    const next = lines[index + 1] ?? '';
    return plainRoute(next.startsWith('nexthop ') ? `${line} ${next}` : line);
  });
}

function plainRoute(line: string): readonly Route[] {
  const [, type = '', destination = ''] = PLAIN_ROUTE.exec(line) ?? [];
  // An address alone may be in a list of anything.
  if (destination === '' || line === destination || IS_IN_OTHER_TABLE.test(line)) return [];
  const word = (pattern: RegExp) => pattern.exec(line)?.[1] ?? '';
  return routesTo(destination, {
    type,
    device: word(/ dev (\S+)/),
    gateway: word(/ via (?:inet6? )?(\S+)/),
    source: word(/ src (\S+)/),
  });
}

/** As `ip route show table all` prints it, where rules must choose the table. */
const IS_IN_OTHER_TABLE = / table (?!main\b|254\b)\S/;
