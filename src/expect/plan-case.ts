import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { unknownNode } from '../explain/connection/name-faults.ts';
import { chooseTarget, describeTarget } from '../explain/connection/targets.ts';
import { isLocal } from '../lang/packet/host.ts';
import type { IPFamily } from '../model/cluster.ts';
import type { FieldPath } from '../model/field-path.ts';
import { cidrContains, familyOf, IP_FAMILIES, joinHostPort } from '../model/ip.ts';
import type { ServicePort } from '../model/node-state.ts';
import { type Client, clientsOf, type Fail } from './clients.ts';
import type { Fault, NodeWords, TargetWords, TrafficCase } from './expectation.ts';
import { type PlannedConnection, portsOf, targetsIn, type Visit } from './find-targets.ts';
import { recently } from './recent.ts';
import { selectNodes, unmatched } from './select.ts';
import type { Site, Spot } from './world/site.ts';
import type { World } from './world/world.ts';

export interface PlannedCase {
  /** None: there are errors. */
  readonly connections: readonly PlannedConnection[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Each is followed through the rules of a node: a case that has more is a slip, or meant to take for ever. */
const MAX_CONNECTIONS = 100_000;

const TOO_MANY: Fault = {
  message: `these are more than ${MAX_CONNECTIONS} connections, from each client to each target`,
  hint: 'make several cases of it, or name fewer clients',
};

/** Finds the connections that a case is about. Whatever it names must be there. */
export type CasePlanner = (testCase: TrafficCase, world: World) => PlannedCase;

/** Cases have their clients and nodes in common with few others, apart from those that are written everywhere. */
const MAX_ARRIVALS = 16;

/** Plans cases, one after the other: where clients come in is found once for those that name the same. */
export function casePlanner(): CasePlanner {
  const arrivalsOf = recently(MAX_ARRIVALS, findArrivals);
  return (testCase, world) => {
    const { visits, faults } = arrivalsOf([testCase.from, testCase.at, world]);
    const found: Problem[] = [...faults];
    const connections: PlannedConnection[] = [];
    for (const words of testCase.to) {
      if (found.length > 0) break;
      const problem = addConnections(words, { visits, world, connections });
      if (problem !== undefined) found.push({ field: words.field, problem });
      else if (connections.length > MAX_CONNECTIONS) found.push({ field: ['to'], problem: TOO_MANY });
    }
    if (found.length === 0 && connections.length === 0)
      found.push({ field: ['to'], problem: familyApart(visits) });
    if (found.length === 0) return { connections, diagnostics: [] };
    const diagnostics = found.map(({ field, problem }) =>
      testCase.report('expectation-subject-known', field, problem),
    );
    return { connections: [], diagnostics };
  };
}

/** No client and no target have an address of one family. */
function familyApart(visits: readonly Visit[]): Fault {
  const families = [...new Set(visits.map(({ site }) => site.spot.family))].join(' and ');
  return {
    message: 'the client has no address of a family that the target has',
    hint: `the client has ${families}: name another client or target, or "from: outside", which has both`,
  };
}

/** What is wrong with a field of a case. */
interface Problem {
  readonly field: FieldPath;
  readonly problem: Fault;
}

/** Who comes in where. */
interface Arrivals {
  /** None: there are faults. */
  readonly visits: readonly Visit[];
  /** Each message once. */
  readonly faults: readonly Problem[];
}

function findArrivals([from, at, world]: readonly [TrafficCase['from'], TrafficCase['at'], World]): Arrivals {
  const faults: Problem[] = [];
  const fail: Fail = (field, problem) => {
    if (!faults.some((each) => each.problem.message === problem.message)) faults.push({ field, problem });
    return [];
  };
  const on = at.flatMap((words) => nodesOf(words, world, fail));
  const isEachNode = at.some(({ kind }) => kind === 'each');
  const clients = from.flatMap((words) => clientsOf(words, { world, fail, on, isEachNode }));
  return { visits: faults.length > 0 ? [] : visitsOf(clients, world), faults };
}

function nodesOf(words: NodeWords, world: World, fail: Fail): readonly (string | undefined)[] {
  const { nodes, cluster } = world;
  switch (words.kind) {
    case 'each':
      return nodes;
    case 'node':
      return nodes.includes(words.name) ? [words.name] : fail(words.field, unknownNode(words.name, nodes));
    case 'selected': {
      const names = selectNodes(cluster, words.selector);
      return names.length > 0 ? names : fail(words.field, unmatched(words.selector, cluster));
    }
  }
}

function visitsOf(clients: readonly Client[], world: World): readonly Visit[] {
  const visits: Visit[] = [];
  const visit = (client: Client, spot: Spot, ip: string | undefined): void => {
    const wanted = { ip, origin: client.origin, inInterface: undefined, outInterface: undefined };
    const site = world.at(spot);
    visits.push({ client, wanted, site, isFromOutside: isOutside(client, ip, site) });
  };
  for (const mode of world.modes)
    for (const client of clients)
      for (const node of client.nodes) {
        if (client.ips === undefined)
          for (const family of IP_FAMILIES) visit(client, { mode, node, family }, undefined);
        else for (const ip of client.ips) visit(client, { mode, node, family: familyOf(ip) }, ip);
      }
  return visits;
}

interface PlannedSoFar {
  readonly visits: readonly Visit[];
  readonly world: World;
  /** More are added to these. */
  readonly connections: PlannedConnection[];
}

/** Adds the connections to a target. @returns why there can be none */
function addConnections(words: TargetWords, { visits, world, connections }: PlannedSoFar): Fault | undefined {
  const [first] = visits;
  const problem =
    words.kind === 'name' && first !== undefined ? serviceProblem(words, first.site.spot, world) : undefined;
  if (problem !== undefined) return problem;
  for (const visit of visits) {
    const { client, wanted, site } = visit;
    const ports = portsOf(words, site);
    const fault = faultAt(words, client, { site, ports });
    if (fault !== undefined) return fault;
    for (const { address, target } of targetsIn(words, ports, visit))
      connections.push({ address, target, site, client: wanted, from: client.label });
  }
  return undefined;
}

interface PortsAt {
  readonly site: Site;
  /** Those that are meant; none for addresses. */
  readonly ports: readonly ServicePort[];
}

/** Why nobody can try a target there. */
function faultAt(words: TargetWords, client: Client, at: PortsAt): Fault | undefined {
  const { spot } = at.site;
  if (needsNodeAddress(words, client, at)) return addressMissing(spot.node);
  return isForeign(words, at.site) ? familyMissing(spot.family) : undefined;
}

/** Nothing serves the family of an address: no connection to it could do anything else, whatever the Services are. */
function isForeign(words: TargetWords, { state }: Site): boolean {
  return words.kind === 'address' && words.family === state.family && state.servicePorts.length === 0;
}

function familyMissing(family: IPFamily): Fault {
  return { message: `no Service has ${family} addresses`, hint: 'a case about that family tests nothing' };
}

function isOutside({ isOutside: known }: Client, ip: string | undefined, { state, host }: Site): boolean {
  if (known !== 'by-address') return known;
  if (ip === undefined || isLocal(host, ip)) return false;
  return state.localDetector.kind !== 'cidr' || !cidrContains(state.localDetector.cidr, ip);
}

/** `the clusterIP of shop/front:https`, `10.96.0.1:80`, or the port where it has no address for such a client. */
export function describeTo({ address, target }: PlannedConnection): string {
  if (target === undefined)
    return address === undefined ? '' : joinHostPort(address.destination, address.port);
  if (address !== undefined) return describeTarget(target);
  const { name, port } = target.servicePort;
  return `${name.namespace}/${name.name}:${name.port === '' ? port : name.port}`;
}

/** NodePorts are meant, and nobody knows any address of the node. */
function needsNodeAddress(words: TargetWords, client: Client, { site, ports }: PortsAt): boolean {
  if (words.kind === 'address' || site.addresses.length > 0) return false;
  const isMeant = words.roles?.includes('nodePort') ?? client.isOutside !== false;
  return isMeant && ports.some(({ nodePort }) => nodePort !== 0);
}

function addressMissing(node: string | undefined): Fault {
  return {
    message: `the address of ${node === undefined ? 'the node' : `node ${node}`} is not known, so its nodePorts cannot be tried`,
    hint: 'add the Node object to the manifests, or --node with --node-ip',
  };
}

/** What keeps a name from being a target. */
function serviceProblem(
  words: Extract<TargetWords, { kind: 'name' }>,
  spot: Spot,
  world: World,
): Fault | undefined {
  // A port of a Service is one in each family.
  const sites = IP_FAMILIES.map((family) => world.at({ ...spot, family }));
  const isFound = ({ length }: readonly ServicePort[]) => length === 1 || (length > 1 && words.isEachPort);
  if (sites.some((site) => isFound(portsOf(words, site)))) return undefined;
  const states = sites.map(({ state }) => state);
  const failure = chooseTarget(words, states, world.cluster.services);
  if (!('code' in failure)) return undefined;
  const hint = failure.hint?.replace('--to ', '');
  return { message: failure.message, ...(hint === undefined ? {} : { hint }) };
}
