import type { ChainDrift } from '../lang/iptables/compare/drift.ts';
import type { IPFamily } from '../model/cluster.ts';
import { joinHostPort } from '../model/ip.ts';
import type { NodeState, ServicePort } from '../model/node-state.ts';
import { serviceNamed } from '../render/nftables/known-names.ts';

/** What the rules of a node lack of a Service, or have too much. */
export interface ServiceDrift {
  /** `default/web` */
  readonly name: string;
  /** `missing`: the node has nothing of it. `stale`: the node has it, and manifests do not. */
  readonly kind: 'missing' | 'differs' | 'stale';
  /** Endpoints that the node does not lead to, and those that it should not lead to: `10.0.0.1:80`. */
  readonly endpoints: Exchanged;
  /** The same of addresses and ports of its own: `10.96.0.1:80/tcp`. */
  readonly addresses: Exchanged;
  /** How many rules and elements are missing, and how many are too many. */
  readonly lines: { readonly lacks: number; readonly has: number };
}

/** What the node lacks, and what it should not have. */
interface Exchanged {
  readonly lacks: readonly string[];
  readonly has: readonly string[];
}

/** Sorts what differs by the Service that it belongs to. */
export interface SortedDrift {
  /** How many Services the manifests want on the node. */
  readonly wanted: number;
  /** The families that they have addresses of. */
  readonly families: readonly IPFamily[];
  /** By name. */
  readonly services: readonly ServiceDrift[];
  /** What all Services share, with the lines that belong to none of them. */
  readonly shared: readonly ChainDrift[];
}

/** Tells whose each line is: by names of chains, by comments, and by addresses. */
export function sortDrift(chains: readonly ChainDrift[], states: readonly NodeState[]): SortedDrift {
  const wanted = wantedServices(states);
  const families = states.filter(({ servicePorts }) => servicePorts.length > 0).map(({ family }) => family);
  if (chains.length === 0) return { wanted: wanted.size, families, services: [], shared: [] };
  const owners = ownersOf(chains, states);
  const found = new Map<string, Found>();
  const shared = chains.flatMap((chain) => {
    const own = serviceOfChain(chain, owners);
    const sort = <Line>(side: Side, lines: readonly Line[], textOf: (line: Line) => string) =>
      lines.filter((line) => {
        const text = textOf(line);
        const name = own ?? serviceOfLine(text, owners);
        if (name === undefined) return true;
        note(foundOf(found, name)[side], text, own === undefined ? undefined : chain);
        return false;
      });
    const lacks = sort('lacks', chain.lacks, (text) => text);
    const has = sort('has', chain.has, ({ text }) => text);
    const isSorted = lacks.length + has.length === 0 && chain.lacks.length + chain.has.length > 0;
    return isSorted ? [] : [{ ...chain, lacks, has }];
  });
  const services = [...found].map(([name, each]) => serviceDrift(name, each, wanted.get(name)));
  return {
    wanted: wanted.size,
    families,
    services: services.sort((a, b) => (a.name < b.name ? -1 : 1)),
    shared,
  };
}

type Side = keyof Exchanged;

/** What lines of a Service are about. */
interface Noted {
  lines: number;
  readonly endpoints: Set<string>;
  readonly addresses: Set<string>;
}

type Found = Readonly<Record<Side, Noted>>;

function foundOf(found: Map<string, Found>, name: string): Found {
  const empty = () => ({ lines: 0, endpoints: new Set<string>(), addresses: new Set<string>() });
  const known = found.get(name) ?? { lacks: empty(), has: empty() };
  found.set(name, known);
  return known;
}

/** `chain`: the one that the Service has for itself; undefined: the line is one of a list of all Services. */
function note(noted: Noted, text: string, chain: ChainDrift | undefined): void {
  noted.lines += 1;
  const isServer = chain?.part === 'virtual server';
  // Where a whole virtual server is missing, others may lead to the same endpoints.
  const endpoint = isServer && chain.kind !== 'differs' ? undefined : endpointIn(text);
  if (endpoint !== undefined) noted.endpoints.add(endpoint);
  const address = isServer && chain.kind !== 'differs' ? chain.name : addressIn(text);
  if (address !== undefined && (isServer || chain === undefined)) noted.addresses.add(address);
}

function serviceDrift(
  name: string,
  { lacks, has }: Found,
  ports: readonly ServicePort[] | undefined,
): ServiceDrift {
  const reachable = new Set(ports?.flatMap((port) => port.reachable.map(({ hostPort }) => hostPort)) ?? []);
  const endpoints = exchanged(lacks.endpoints, has.endpoints);
  const hasNothing = has.lines === 0 && [...reachable].every((each) => lacks.endpoints.has(each));
  return {
    name,
    kind: ports === undefined ? 'stale' : hasNothing ? 'missing' : 'differs',
    endpoints: { ...endpoints, has: endpoints.has.filter((each) => !reachable.has(each)) },
    addresses: exchanged(lacks.addresses, has.addresses),
    lines: { lacks: lacks.lines, has: has.lines },
  };
}

function exchanged(lacks: ReadonlySet<string>, has: ReadonlySet<string>): Exchanged {
  return {
    lacks: [...lacks].filter((each) => !has.has(each)).sort(),
    has: [...has].filter((each) => !lacks.has(each)).sort(),
  };
}

function wantedServices(states: readonly NodeState[]): ReadonlyMap<string, readonly ServicePort[]> {
  const wanted = new Map<string, ServicePort[]>();
  for (const servicePort of states.flatMap(({ servicePorts }) => servicePorts)) {
    const name = serviceOf(servicePort);
    const ports = wanted.get(name);
    if (ports === undefined) wanted.set(name, [servicePort]);
    else ports.push(servicePort);
  }
  return wanted;
}

function serviceOf({ name: { namespace, name } }: ServicePort): string {
  return `${namespace}/${name}`;
}

/** Services by what lines say of them. Where several share an address it tells nothing: "". */
interface Owners {
  readonly byChain: Map<string, string>;
  readonly byAddress: Map<string, string>;
  readonly byNodePort: Map<string, string>;
}

function ownersOf(chains: readonly ChainDrift[], states: readonly NodeState[]): Owners {
  const owners: Owners = { byChain: new Map(), byAddress: new Map(), byNodePort: new Map() };
  for (const servicePort of states.flatMap(({ servicePorts }) => servicePorts)) {
    const name = serviceOf(servicePort);
    const { clusterIP, externalIPs, loadBalancerIPs, nodePort, protocol, reachable } = servicePort;
    for (const ip of [clusterIP, ...externalIPs, ...loadBalancerIPs]) claim(owners.byAddress, ip, name);
    for (const { ip } of reachable) claim(owners.byAddress, ip, name);
    if (nodePort !== 0) claim(owners.byNodePort, `${nodePort}/${protocol.toLowerCase()}`, name);
  }
  for (const { name, purpose, has } of chains) {
    const own = labelledService(purpose?.of ?? purpose?.comment);
    if (own !== undefined) owners.byChain.set(name, own);
    for (const { text } of has) {
      const [chain, service] = [chainLedTo(text), serviceNamedIn(text)];
      if (chain !== undefined && service !== undefined) owners.byChain.set(chain, service);
    }
  }
  return owners;
}

function claim(owners: Map<string, string>, key: string, name: string): void {
  const owner = owners.get(key);
  owners.set(key, owner === undefined || owner === name ? name : '');
}

/** `default/web`, of `default/web:http: 10.0.0.1:80` or `default/web:http cluster IP`. */
function labelledService(text = ''): string | undefined {
  return /(?:^|\s)([a-z0-9-]+\/[a-z0-9-]+)(?=[:\s]|$)/.exec(text)?.[1];
}

/** In a comment, or in the name of a chain or set of nftables. */
function serviceNamedIn(text: string): string | undefined {
  const comment = /comment (?!--)(?:"((?:[^"\\]|\\.)*)"|(\S+))/.exec(text);
  const labelled = labelledService(comment?.[1] ?? comment?.[2]);
  if (labelled !== undefined) return labelled;
  for (const word of text.split(/[\s@]+/)) {
    const named = serviceNamed(word);
    if (named !== undefined) return named.service;
  }
  return undefined;
}

/** A chain that one Service alone has. */
function chainLedTo(text: string): string | undefined {
  return /(?:^|\s)-[jg] (KUBE-(?:SVC|SEP|EXT|FW|SVL|XLB)-\S+)/.exec(text)?.[1];
}

function serviceOfChain({ name, purpose, part }: ChainDrift, owners: Owners): string | undefined {
  const own = labelledService(purpose?.of ?? purpose?.comment) ?? owners.byChain.get(name);
  return own ?? (part === 'virtual server' ? serviceOfLine(name, owners) : undefined);
}

function serviceOfLine(text: string, { byChain, byAddress, byNodePort }: Owners): string | undefined {
  const named = serviceNamedIn(text) ?? byChain.get(chainLedTo(text) ?? '');
  if (named !== undefined) return named;
  for (const word of text.split(/[^0-9a-f.:]+/)) {
    const owner = byAddress.get(word.includes('.') ? (word.split(':')[0] ?? '') : word);
    if (owner !== undefined && owner !== '') return owner;
  }
  const [, protocol] = /(?:-p |^)(tcp|udp|sctp)\b/.exec(text) ?? [];
  const [, port] = /(?:--dport | \. )(\d+)/.exec(text) ?? [];
  return byNodePort.get(`${port}/${protocol}`) || undefined;
}

/** What lines lead to, in any of the languages of rules. */
const LEADS_TO =
  /(?:--to-destination |\bdnat(?: ip6?)? to | -r | : )(\[[0-9a-f:.]+\]:\d+|[0-9a-f:.]+? \. \d+|\d+(?:\.\d+){3}:\d+)/;

function endpointIn(text: string): string | undefined {
  const [, to] = LEADS_TO.exec(text) ?? [];
  const [ip = '', port] = to?.split(' . ') ?? [];
  return port === undefined ? to : joinHostPort(ip, Number(port));
}

/** What a line asks for, where lines find the Service of an address. */
function addressIn(text: string): string | undefined {
  const [, element, elementProtocol, elementPort] =
    /^([0-9a-f:.]+) \. (tcp|udp|sctp) \. (\d+) /.exec(text) ?? [];
  if (element !== undefined) return `${joinHostPort(element, Number(elementPort))}/${elementProtocol}`;
  const [, ip] = / -d ([0-9a-f:.]+)\/(?:32|128) /.exec(text) ?? [];
  const [, protocol] = / -p (tcp|udp|sctp) /.exec(text) ?? [];
  const [, port] = / --dport (\d+) /.exec(text) ?? [];
  if (ip === undefined || protocol === undefined || port === undefined) return undefined;
  return `${joinHostPort(ip, Number(port))}/${protocol}`;
}
