import { parseIP } from '../../model/ip.ts';
import { type L4Protocol, l4Protocol } from './l4-protocol.ts';

/** What decides beside the rules of a node, as far as a text of it says. */
export interface KernelFacts {
  /** As sysctl names them: `net.ipv4.ip_forward`. */
  readonly settings: ReadonlyMap<string, string>;
  /** Ports of bridges, and whether a bridge sends a packet back where it came from. */
  readonly hairpinPorts: ReadonlyMap<string, boolean>;
  /** Flows of UDP that were sent on to an endpoint. */
  readonly flows: readonly UdpFlow[];
  /** Clients that a list of `-m recent` has, by the name of the list. */
  readonly remembered: readonly { readonly list: string; readonly client: string }[];
  /** Clients that virtual servers of IPVS keep at a real server. */
  readonly persistent: readonly PersistentClient[];
  /** Rules of `ip rule` that a kernel does not begin with: they may choose other routes. */
  readonly routingRules: readonly string[];
  /** What whoever gathered the text could not gather. */
  readonly gaps: readonly string[];
}

/** An entry of conntrack: addresses are canonical. */
export interface UdpFlow {
  readonly client: string;
  readonly destination: string;
  readonly port: number;
  /** Who answers. */
  readonly endpoint: string;
  readonly endpointPort: number;
}

/** A template of connections, as `ipvsadm -Lnc` lists it: addresses are canonical. */
export interface PersistentClient {
  readonly protocol: L4Protocol;
  readonly client: string;
  readonly destination: string;
  readonly port: number;
  readonly endpoint: string;
  readonly endpointPort: number;
  /** Until it is forgotten. */
  readonly seconds: number;
}

const SETTING = /^((?:net|kernel)\.[^\s=]+) ?= ?(\S+)$/;
const HAIRPIN = /^\/sys\/class\/net\/([^\s/]+)\/brport\/hairpin_mode(?: = |:)([01])$/;
const FLOW = /^udp +\d+ \d+ /;
const REMEMBERED = /^\/proc\/net\/xt_recent\/([^\s/:]+):src=(\S+) /;
/** `TCP 179:45 NONE 10.0.0.9:0 10.96.0.1:80 10.244.1.5:8080`, below two lines of titles. */
const IPVS_ENTRY = /^(TCP|UDP|SCTP) +(\d+):(\d\d) +[A-Z]\w* +\S+:\d+ /;
const IPVS_TITLE = /^(?:IPVS connection entries|pro expire +state +source)/;
const ROUTING_RULE = /^(\d+):\s+(?:not )?from \S/;

/** As `svcgen doctor` says it. */
const GAP = /^# svcgen doctor: lacking: (.+)$/;

/** Whether a line is one of those that are read here: no rule of a firewall. */
export function isFactLine(line: string): boolean {
  return [SETTING, HAIRPIN, FLOW, REMEMBERED, IPVS_ENTRY, IPVS_TITLE, ROUTING_RULE].some((form) =>
    form.test(line),
  );
}

/** Finds settings of the kernel and what it remembers, wherever they are in a text. */
export function readKernelFacts(lines: readonly string[]): KernelFacts {
  const settings = new Map<string, string>();
  const hairpinPorts = new Map<string, boolean>();
  const flows: UdpFlow[] = [];
  const remembered: { list: string; client: string }[] = [];
  const persistent: PersistentClient[] = [];
  const routingRules: string[] = [];
  const gaps: string[] = [];
  for (const line of lines) {
    const [, name, value] = SETTING.exec(line) ?? [];
    const [, port, mode] = HAIRPIN.exec(line) ?? [];
    const [, list, source = ''] = REMEMBERED.exec(line) ?? [];
    const client = parseIP(source)?.ip;
    const flow = FLOW.test(line) ? readFlow(line) : undefined;
    if (name !== undefined && value !== undefined) settings.set(name, value);
    if (port !== undefined) hairpinPorts.set(port, mode === '1');
    if (flow !== undefined) flows.push(flow);
    if (list !== undefined && client !== undefined) remembered.push({ list, client });
    const kept = IPVS_ENTRY.test(line) ? readTemplate(line) : undefined;
    if (kept !== undefined) persistent.push(kept);
    const [, gap] = GAP.exec(line) ?? [];
    if (gap !== undefined) gaps.push(gap);
    if (ROUTING_RULE.test(line) && !IS_USUAL_RULE.test(line)) routingRules.push(line);
  }
  const isCutOff =
    lines[0]?.startsWith('# svcgen doctor ') === true && !lines.includes('# svcgen doctor: end');
  if (isCutOff) gaps.push('its end: it was cut off on its way');
  return { settings, hairpinPorts, flows, remembered, persistent, routingRules, gaps };
}

/** What every kernel has (fib_default_rules_init, net/ipv4/fib_rules.c); for IPv6 without the last one. */
const IS_USUAL_RULE =
  /^(?:0:\s+from all lookup local|32766:\s+from all lookup main|32767:\s+from all lookup default)$/;

/** `udp 17 29 src=10.0.0.9 dst=10.96.0.10 sport=41 dport=53 src=10.244.1.5 dst=10.0.0.9 sport=53 dport=41 …`. */
function readFlow(line: string): UdpFlow | undefined {
  const words = line.split(/\s+/);
  const all = (name: string) =>
    words.flatMap((word) => (word.startsWith(`${name}=`) ? word.slice(name.length + 1) : []));
  const [[client, endpoint], [destination], [, endpointPort], [port]] = [
    all('src').map((ip) => parseIP(ip)?.ip),
    all('dst').map((ip) => parseIP(ip)?.ip),
    all('sport').map(Number),
    all('dport').map(Number),
  ];
  if (client === undefined || endpoint === undefined || destination === undefined) return undefined;
  if (port === undefined || endpointPort === undefined) return undefined;
  return { client, destination, port, endpoint, endpointPort };
}

/** Connections have a source port, their templates have none (ip_vs_sched_persist, net/netfilter/ipvs/ip_vs_core.c). */
function readTemplate(line: string): PersistentClient | undefined {
  const [, , minutes, seconds] = IPVS_ENTRY.exec(line) ?? [];
  const [name = '', , , ...ends] = line.split(/ +/);
  const [client, server, endpoint] = ends.map((end) => readEnd(end));
  const protocol = l4Protocol(name.toLowerCase());
  if (protocol === undefined || client?.port !== 0 || server === undefined || endpoint === undefined)
    return undefined;
  return {
    protocol,
    client: client.ip,
    destination: server.ip,
    port: server.port,
    endpoint: endpoint.ip,
    endpointPort: endpoint.port,
    seconds: Number(minutes) * 60 + Number(seconds),
  };
}

/** `10.0.0.9:0`, `[fd00::9]:0`. */
function readEnd(text: string): { readonly ip: string; readonly port: number } | undefined {
  const [, bracketed, plain = '', port] = /^(?:\[([^\]]+)\]|([^\s:]+)):(\d+)$/.exec(text) ?? [];
  const ip = parseIP(bracketed ?? plain)?.ip;
  return ip === undefined ? undefined : { ip, port: Number(port) };
}
